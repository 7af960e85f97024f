using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>An ONNX model in a session, with the column types of its inputs and outputs.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly IDictionary<string, int[]> _shapes;

    /// <param name="path">The model file, or null if there are bytes.</param>
    /// <param name="bytes">The model, or null if there is a file.</param>
    /// <param name="options">Device, threads and shapes.</param>
    public OnnxModel(string path, byte[] bytes, OnnxOptions options)
    {
        if (path is not null && !File.Exists(path))
            throw new FileNotFoundException($"Model file {path} does not exists.", path);
        _path = path;
        _bytes = bytes;
        _shapes = options.ShapeDictionary ?? new Dictionary<string, int[]>();
        try
        {
            Session = Open(options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidOperationException($"Error initializing model :{e.Message}", e);
        }
        Inputs = VariablesOf(Session.InputMetadata);
        Outputs = VariablesOf(Session.OutputMetadata);
    }

    public InferenceSession Session { get; }

    public IReadOnlyList<Variable> Inputs { get; }

    public IReadOnlyList<Variable> Outputs { get; }

    public Variable Input(string name) => Find(Inputs, name, "Input");

    public Variable Output(string name) => Find(Outputs, name, "Output");

    public byte[] ToBytes() => _bytes ?? File.ReadAllBytes(_path);

    public void Dispose() => Session.Dispose();

    private static Variable Find(IReadOnlyList<Variable> variables, string name, string kind) =>
        variables.FirstOrDefault(variable => variable.Name == name)
        ?? throw new ArgumentOutOfRangeException(nameof(name), name,
            $"{kind} tensor, {name}, does not exist in the ONNX model. Available names are "
                + $"[{string.Join(",", variables.Select(v => v.Name))}].");

    private InferenceSession Open(OnnxOptions options)
    {
        if (options.GpuDeviceId is not { } gpu)
            return Open(Threads(options));
        try
        {
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(new Dictionary<string, string> { ["device_id"] = gpu.ToString(CultureInfo.InvariantCulture) });
            var sessionOptions = Threads(options);
            sessionOptions.AppendExecutionProvider_CUDA(cuda);
            return Open(sessionOptions);
        }
        catch (Exception e) when (options.FallbackToCpu && e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            return Open(Threads(options));
        }
    }

    private InferenceSession Open(SessionOptions options)
    {
        using (options)
            return _bytes is null ? new InferenceSession(_path, options) : new InferenceSession(_bytes, options);
    }

    private static SessionOptions Threads(OnnxOptions options) =>
        new() { InterOpNumThreads = options.InterOpNumThreads ?? 0, IntraOpNumThreads = options.IntraOpNumThreads ?? 0 };

    private List<Variable> VariablesOf(IReadOnlyDictionary<string, NodeMetadata> metadata) => [.. metadata.Select(pair =>
    {
        if (!pair.Value.IsTensor)
            throw new NotSupportedException($"'{pair.Key}' is no tensor; sequences and maps are not supported by this supply of ML.NET.");
        var shape = pair.Value.Dimensions;
        if (_shapes.TryGetValue(pair.Key, out var given))
        {
            if (given.Length != shape.Length || given.Zip(shape).Any(d => d.First != d.Second && d.First > 0 && d.Second > 0))
                throw new ArgumentOutOfRangeException("shapeDictionary",
                    $"The specified shape {string.Join(",", given)} is not compatible with the shape "
                    + $"{string.Join(",", shape)} loaded from the ONNX model file. Only unknown dimension can replace or be replaced by "
                        + "another dimension.");
            shape = given;
        }
        return new Variable(pair.Key, shape, ItemTypeOf(pair.Key, pair.Value.ElementType));
    })];

    private static PrimitiveDataViewType ItemTypeOf(string name, Type type) => StandardTypes.TryGetPrimitive(type, out var itemType)
        ? itemType
        : throw new NotSupportedException($"'{name}' has items of type {type}, which no column type stands for.");

    /// <summary>An input or output: a tensor.</summary>
    internal sealed class Variable
    {
        public Variable(string name, int[] shape, PrimitiveDataViewType itemType)
        {
            Name = name;
            // A row at a time: an unknown first dimension is the batch, of 1. Other unknown ones are 0.
            Shape = shape.Length == 0 ? [1] : [.. shape.Select((d, i) => d > 0 ? d : i == 0 ? 1 : 0)];
            Type = Shape.Contains(0) ? new VectorDataViewType(itemType) : new VectorDataViewType(itemType, Shape);
        }

        public string Name { get; }

        public int[] Shape { get; }

        public VectorDataViewType Type { get; }
    }
}
