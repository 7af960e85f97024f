using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Onnx.Sessions;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Transforms.Onnx.Quantization;

/// <summary>The result of a quantization.</summary>
/// <param name="Path">The file that was written.</param>
/// <param name="ProductCount">Matrix products that now use integers.</param>
/// <param name="CalibrationRowCount">Rows that gave the ranges of the activations; 0 if each run finds them.</param>
/// <param name="SourceBytes">The length of the model before.</param>
/// <param name="Bytes">The length of the model now.</param>
public sealed record QuantizationResult(string Path, int ProductCount, int CalibrationRowCount, long SourceBytes, long Bytes);

/// <summary>
/// Makes a smaller model, which is also faster on processors with instructions for it. Its products with trained matrices use eight-bit
/// integers. The weights have one scale per column. The scale of the activations comes from each run, or once from calibration rows.
/// </summary>
public static class Quantizer
{
    internal const string MetadataKey = "noisy.quantization";
    const string DefaultDomain = "";
    const int MinimumOpset = 13;

    /// <summary>Quantises a model. Each run then finds the scales of its activations.</summary>
    /// <param name="modelFile">An ONNX file of 32-bit floats.</param>
    /// <param name="outputFile">The file to write. An existing file is replaced.</param>
    /// <exception cref="NotSupportedException">Nothing in the model can be quantised.</exception>
    /// <exception cref="InvalidDataException">The model is not a readable ONNX file, or refused as unsafe.</exception>
    public static QuantizationResult Dynamic(string modelFile, string outputFile) =>
        Quantize(modelFile, outputFile, [], rowCount: 0, rowShape: null);

    /// <summary>
    /// Quantises a model with the scales of its activations from calibration rows. The rows must be like those that the model will score.
    /// </summary>
    /// <param name="modelFile">An ONNX file of 32-bit floats.</param>
    /// <param name="outputFile">The file to write. An existing file is replaced.</param>
    /// <param name="calibration">Whole rows of the model's input, one after the other, from the training data. A few hundred are
    /// enough.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="rowShape">The shape of a row, for a model that leaves a part of it open; null for the model's own.</param>
    /// <exception cref="NotSupportedException">Nothing in the model can be quantised.</exception>
    /// <exception cref="InvalidDataException">The model is not a readable ONNX file, is refused as unsafe, or is not finite on the
    /// calibration rows.</exception>
    public static QuantizationResult Static(
        string modelFile,
        string outputFile,
        ReadOnlySpan<float> calibration,
        int rowCount,
        IReadOnlyList<int>? rowShape = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        return Quantize(modelFile, outputFile, calibration, rowCount, rowShape);
    }

    static QuantizationResult Quantize(
        string modelFile,
        string outputFile,
        ReadOnlySpan<float> calibration,
        int rowCount,
        IReadOnlyList<int>? rowShape
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFile);
        ArgumentException.ThrowIfNullOrEmpty(outputFile);
        var model = OnnxFile.Read(modelFile);
        var opset = model.OpsetImport.FirstOrDefault(set => set.Domain is DefaultDomain or "ai.onnx")?.Version ?? 0;
        if (opset < MinimumOpset)
            throw new NotSupportedException(
                $"'{modelFile}' uses ONNX's operator set {opset}; scales per column need {MinimumOpset} or newer. Export it again."
            );
        if (OnnxTensors.All(model).Any(tensor => tensor.ExternalData.Count > 0))
            throw new NotSupportedException($"'{modelFile}' keeps weights in other files. Export it with all of them inside.");

        var graph = new QuantizedGraph(model.Graph);
        if (graph.Products.Count == 0)
            throw new NotSupportedException(
                $"'{modelFile}' has no product with a trained matrix of 32-bit floats to quantise."
                    + (
                        model.Graph.Initializer.Any(weight => weight.DataType == (int)DataType.Float16)
                            ? " Its weights are of half precision: export it in single precision, and quantise that."
                        : model.Graph.Node.Any(node => node.OpType == "Conv")
                            ? " It computes with convolutions, which stay in floats: use the model as it is."
                        : ""
                    )
            );
        graph.Rewrite(rowCount == 0 ? null : Calibration.Ranges(modelFile, graph.Activations, calibration, rowCount, rowShape));

        foreach (var old in model.MetadataProps.Where(entry => entry.Key == MetadataKey).ToList())
            model.MetadataProps.Remove(old);
        model.MetadataProps.Add(
            new StringStringEntryProto
            {
                Key = MetadataKey,
                Value = rowCount == 0 ? "int8, dynamic" : $"int8, static, {rowCount} calibration rows",
            }
        );
        var length = 0L;
        AtomicFile.Write(
            outputFile,
            model.WriteTo,
            check: path =>
            {
                length = new FileInfo(path).Length;
                using var options = new SessionOptions();
                OnnxModel.Load(path, options).Dispose();
            }
        );
        return new(outputFile, graph.Products.Count, rowCount, new FileInfo(modelFile).Length, length);
    }
}
