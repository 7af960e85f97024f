using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Scoring;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Transforms.Quantization;

/// <summary>Runs the model on calibration rows and looks at the tensors inside.</summary>
internal static class Calibration
{
    private const int BatchSize = 16;

    public static Dictionary<string, ActivationRange> Ranges(string modelFile, IReadOnlyList<string> tensors, ReadOnlySpan<float> rows, int rowCount)
    {
        using var options = new SessionOptions();
        using var session = new InferenceSession(WithOutputs(modelFile, tensors), options);
        if (session.InputNames.Count != 1)
            throw new NotSupportedException($"'{modelFile}' has {session.InputNames.Count} inputs; calibration rows feed one.");
        var input = OnnxTensorInfo.From(session.InputNames[0], session.InputMetadata[session.InputNames[0]])!;
        if (input.ElementType != Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float)
            throw new NotSupportedException($"'{modelFile}' takes {input}; calibration rows are float. Quantise without them.");
        var length = rows.Length / rowCount;
        if (input.RowDimensions.Any(dimension => dimension < 0) || OnnxRowShape.Size(input.RowDimensions) != length)
            throw new ArgumentException($"Calibration rows of {length} values do not fit the input {input} of '{modelFile}'.", nameof(rows));

        var ranges = tensors.ToDictionary(tensor => tensor, _ => new ActivationRange());
        var batchSize = input.FixedBatch ?? BatchSize;
        using var run = new RunOptions();
        for (var start = 0; start + (input.FixedBatch ?? 1) <= rowCount; start += batchSize)
        {
            var count = Math.Min(batchSize, rowCount - start);
            using var batch = OrtValue.CreateTensorValueFromMemory(rows.Slice(start * length, count * length).ToArray(),
                [count, .. input.RowDimensions.Select(dimension => (long)dimension)]);
            using var results = session.Run(run, [input.Name], [batch], tensors);
            for (var tensor = 0; tensor < tensors.Count; tensor++)
                ranges[tensors[tensor]].Add(results[tensor].GetTensorDataAsSpan<float>());
        }
        return ranges;
    }

    private static byte[] WithOutputs(string modelFile, IReadOnlyList<string> tensors)
    {
        var model = OnnxFile.Read(modelFile);
        var known = model.Graph.Output.Select(output => output.Name).ToHashSet();
        model.Graph.Output.Add(tensors.Where(tensor => !known.Contains(tensor)).Select(tensor => new ValueInfoProto
        {
            Name = tensor,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } },
        }));
        return model.ToByteArray();
    }
}
