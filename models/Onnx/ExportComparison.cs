using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Sessions;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Onnx;

/// <summary>Compares a network with its file.</summary>
/// <param name="Input">The file's input.</param>
/// <param name="RowShape">The shape of a row of the network's input: [C, H, W], or [D].</param>
/// <param name="Outputs">The file's outputs.</param>
/// <param name="Compute">Computes the network's values of these outputs for rows [N, ...] on the CPU.</param>
/// <param name="Draw">Draws a value of a random row, by its index.</param>
sealed record ExportComparison(
    string Input,
    IReadOnlyList<int> RowShape,
    IReadOnlyList<string> Outputs,
    Func<Tensor, Tensor[]> Compute,
    Func<Random, int, float> Draw
)
{
    static readonly int[] s_batches = [1, 2, 7];

    /// <summary>A classifier's scores, logits and features. The network must be in evaluation mode.</summary>
    /// <param name="network">The network.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="temperature">What the file divides the logits by before the softmax.</param>
    public static ExportComparison Of(Classifier network, NetworkGraph graph, double temperature)
    {
        // For a network whose head is unknown, the logits are the features.
        var hasFeatures = network.FeatureLayer != Classifier.LogitsLayer;
        return new(
            graph.Input,
            network.InputShape,
            [TensorNames.Score, TensorNames.Logits, .. hasFeatures ? [graph.Features] : Array.Empty<string>()],
            rows =>
            {
                var input = rows.to(network.parameters().First().device);
                var logits = network.call(input);
                Tensor[] outputs = [(logits / temperature).softmax(-1), logits];
                return hasFeatures ? [.. outputs, network.features(input)] : outputs;
            },
            graph.DrawInput
        );
    }

    /// <summary>
    /// The largest absolute difference over all outputs and batches of 1, 2 and 7 rows. If the file takes images of any size, an image of
    /// another size is included. It is NaN if an output is NaN.
    /// </summary>
    /// <param name="exported">The options. Their rows are used in turn; seeded random rows if there are none.</param>
    /// <param name="path">The file.</param>
    public double MaxAbsDifference(OnnxExportOptions exported, string path)
    {
        using var options = new SessionOptions();
        OnnxFile.Read(path);
        using var session = LocalSession.Open(path, options, CancellationToken.None);
        var model = session.Inference;
        using var gradients = no_grad();
        var rowLength = RowShape.Aggregate((product, size) => product * size);
        var rows = exported.ValidationRows.Span;
        var source = rows.IsEmpty ? RandomRows(8 * rowLength) : rows;
        var largest = 0.0;
        var next = 0;
        foreach (var batch in s_batches)
        {
            var values = new float[batch * rowLength];
            for (var row = 0; row < batch; row++, next += rowLength)
                source.Slice(next % source.Length, rowLength).CopyTo(values.AsSpan(row * rowLength));
            // Math.Max passes NaN on.
            largest = Math.Max(largest, Difference(exported.PixelInput, model, values, [batch, .. RowShape.Select(size => (long)size)]));
        }
        if (!exported.AnyImageSize)
            return largest;
        var (channels, height, width) = (RowShape[0], RowShape[1] + 5, RowShape[2] + 18);
        return Math.Max(
            largest,
            Difference(exported.PixelInput, model, RandomRows(channels * height * width), [1, channels, height, width])
        );
    }

    double Difference(PixelInput form, InferenceSession model, float[] values, long[] shape)
    {
        using var scope = NewDisposeScope();
        using var input = form == PixelInput.FloatPlanar ? OrtValue.CreateTensorValueFromMemory(values, shape) : Bytes(values, shape);
        using var run = new RunOptions();
        using var actual = model.Run(run, [Input], [input], Outputs);
        return Compute(tensor(values).reshape(shape))
            .Select(
                (expected, output) =>
                    Largest(expected.cpu().contiguous().data<float>().ToArray(), actual[output].GetTensorDataAsSpan<float>())
            )
            .Aggregate(0.0, Math.Max);
    }

    /// <summary>The pixels as interleaved bytes. The floats are rounded in place, so that both sides get the same values.</summary>
    static OrtValue Bytes(float[] pixels, long[] shape)
    {
        var (count, channels, area) = ((int)shape[0], (int)shape[1], (int)(shape[2] * shape[3]));
        var bytes = new byte[pixels.Length];
        for (var row = 0; row < count; row++)
        for (var channel = 0; channel < channels; channel++)
        for (var pixel = 0; pixel < area; pixel++)
        {
            ref var value = ref pixels[(row * channels + channel) * area + pixel];
            value = Math.Clamp(MathF.Round(value), 0, 255);
            bytes[(row * area + pixel) * channels + channel] = (byte)value;
        }
        return OrtValue.CreateTensorValueFromMemory(bytes, [shape[0], shape[2], shape[3], shape[1]]);
    }

    static double Largest(float[] expected, ReadOnlySpan<float> actual)
    {
        if (actual.Length != expected.Length)
            return double.NaN;
        var largest = 0.0;
        for (var index = 0; index < expected.Length; index++)
            largest = Math.Max(largest, Math.Abs((double)expected[index] - actual[index]));
        return largest;
    }

    float[] RandomRows(int count)
    {
        var random = new Random(17);
        return [.. Enumerable.Range(0, count).Select(index => Draw(random, index))];
    }
}
