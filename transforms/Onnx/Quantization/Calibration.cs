using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using NoisyNN.Transforms.Onnx.Sessions;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Transforms.Onnx.Quantization;

/// <summary>Runs the model on calibration rows and records the values of its inner tensors.</summary>
static class Calibration
{
    public const int BatchSize = 16;

    public static Dictionary<string, ActivationRange> Ranges(
        string modelFile,
        IReadOnlyList<string> tensors,
        ReadOnlySpan<float> rows,
        int rowCount,
        IReadOnlyList<int>? rowShape
    )
    {
        using var options = new SessionOptions();
        using var session = new InferenceSession(WithOutputs(modelFile, tensors), options);
        if (session.InputNames.Count != 1)
            throw new NotSupportedException($"'{modelFile}' has {session.InputNames.Count} inputs; calibration rows feed one.");
        var input = OnnxTensorInfo.From(session.InputNames[0], session.InputMetadata[session.InputNames[0]])!;
        if (input.ElementType is not (TensorElementType.Float or TensorElementType.UInt8))
            throw new NotSupportedException($"'{modelFile}' takes {input}; calibration rows are floats or bytes. Quantise without them.");
        var length = rows.Length / rowCount;
        var shape = rowShape ?? input.RowDimensions;
        var fits =
            shape.Count == input.RowDimensions.Length
            && shape.Zip(input.RowDimensions).All(pair => pair.First > 0 && (pair.Second < 0 || pair.First == pair.Second));
        if (!fits || OnnxRows.Size(shape) != length)
            throw new ArgumentException(
                $"Calibration rows of {length} values, shape [{string.Join(", ", shape)}], do not fit the input {input} of '{modelFile}'.",
                nameof(rows)
            );

        var ranges = tensors.ToDictionary(tensor => tensor, _ => new ActivationRange());
        var batchSize = input.FixedBatch ?? BatchSize;
        using var run = new RunOptions();
        for (var start = 0; start + (input.FixedBatch ?? 1) <= rowCount; start += batchSize)
        {
            var count = Math.Min(batchSize, rowCount - start);
            using var batch = Tensor(
                rows.Slice(start * length, count * length).ToArray(),
                [count, .. shape.Select(dimension => (long)dimension)],
                input.ElementType
            );
            using var results = session.Run(run, [input.Name], [batch], tensors);
            for (var tensor = 0; tensor < tensors.Count; tensor++)
                ranges[tensors[tensor]].Add(results[tensor].GetTensorDataAsSpan<float>());
        }
        return ranges;
    }

    static OrtValue Tensor(float[] values, long[] shape, TensorElementType type) =>
        type == TensorElementType.Float
            ? OrtValue.CreateTensorValueFromMemory(values, shape)
            : OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (byte)Math.Clamp(MathF.Round(value), 0, 255)), shape);

    static byte[] WithOutputs(string modelFile, IReadOnlyList<string> tensors)
    {
        var model = OnnxFile.Read(modelFile);
        var known = model.Graph.Output.Select(output => output.Name).ToHashSet();
        model.Graph.Output.Add(
            tensors
                .Where(tensor => !known.Contains(tensor))
                .Select(tensor => new ValueInfoProto
                {
                    Name = tensor,
                    Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } },
                })
        );
        return model.ToByteArray();
    }
}
