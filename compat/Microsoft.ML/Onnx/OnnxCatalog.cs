using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.ML.Transforms.Onnx;

namespace Microsoft.ML;

/// <summary>Applying ONNX models. Columns are found by the names of the model's inputs and outputs; the device is the context's unless one
/// is given.</summary>
public static class OnnxCatalog
{
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string modelFile, int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        Create(catalog, Check(modelFile), null, null, null, null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, Stream modelBytes, int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        Create(catalog, null, ReadAll(modelBytes), null, null, null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string modelFile,
        IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, Check(modelFile), null, null, null, shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, Stream modelBytes,
        IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, null, ReadAll(modelBytes), null, null, shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string outputColumnName, string inputColumnName,
        string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, Check(modelFile), null, [outputColumnName], [inputColumnName], null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string outputColumnName, string inputColumnName,
        Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, null, ReadAll(modelBytes), [outputColumnName], [inputColumnName], null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string outputColumnName, string inputColumnName,
        string modelFile, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, Check(modelFile), null, [outputColumnName], [inputColumnName], shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string outputColumnName, string inputColumnName,
        Stream modelBytes, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, null, ReadAll(modelBytes), [outputColumnName], [inputColumnName], shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames,
        string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, Check(modelFile), null, outputColumnNames, inputColumnNames, null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames,
        Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, null, ReadAll(modelBytes), outputColumnNames, inputColumnNames, null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames,
        string modelFile, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, Check(modelFile), null, outputColumnNames, inputColumnNames, shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames,
        string modelFile, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false,
            int recursionLimit = 100) =>
        Create(catalog, Check(modelFile), null, outputColumnNames, inputColumnNames, shapeDictionary, gpuDeviceId, fallbackToCpu,
            recursionLimit);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames,
        Stream modelBytes, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Create(catalog, null, ReadAll(modelBytes), outputColumnNames, inputColumnNames, shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames,
        Stream modelBytes, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false,
            int recursionLimit = 100) =>
        Create(catalog, null, ReadAll(modelBytes), outputColumnNames, inputColumnNames, shapeDictionary, gpuDeviceId, fallbackToCpu,
            recursionLimit);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, OnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Create(catalog, null, new OnnxOptions
        {
            ModelFile = Check(options.ModelFile),
            InputColumns = options.InputColumns,
            OutputColumns = options.OutputColumns,
            GpuDeviceId = options.GpuDeviceId,
            FallbackToCpu = options.FallbackToCpu,
            ShapeDictionary = options.ShapeDictionary,
            RecursionLimit = options.RecursionLimit,
            InterOpNumThreads = options.InterOpNumThreads,
            IntraOpNumThreads = options.IntraOpNumThreads,
        });
    }

    private static OnnxScoringEstimator Create(TransformsCatalog catalog, string modelFile, byte[] modelBytes, string[] outputs,
        string[] inputs,
        IDictionary<string, int[]> shapes, int? gpuDeviceId, bool fallbackToCpu, int recursionLimit = 100) =>
        Create(catalog, modelBytes, new OnnxOptions
        {
            ModelFile = modelFile,
            InputColumns = inputs,
            OutputColumns = outputs,
            GpuDeviceId = gpuDeviceId,
            FallbackToCpu = fallbackToCpu,
            ShapeDictionary = shapes,
            RecursionLimit = recursionLimit,
        });

    private static OnnxScoringEstimator Create(TransformsCatalog catalog, byte[] modelBytes, OnnxOptions options)
    {
        if (options.GpuDeviceId is null && catalog.Environment is MLContext context)
        {
            options.GpuDeviceId = context.GpuDeviceId;
            options.FallbackToCpu = context.FallbackToCpu;
        }
        return new OnnxScoringEstimator(catalog.Environment, new OnnxTransformer(catalog.Environment, modelBytes, options));
    }

    private static string Check(string modelFile) =>
        string.IsNullOrWhiteSpace(modelFile) ? throw new ArgumentOutOfRangeException(nameof(modelFile),
            "ModelFile cannot be null or white space") : modelFile;

    private static byte[] ReadAll(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.CanSeek)
            stream.Position = 0;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
