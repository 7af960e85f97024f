using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Architectures;
using NoisyNN.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Export;

/// <summary>Runs a network and its file side by side.</summary>
static class ExportComparison
{
    /// <summary>
    /// The largest absolute difference over all outputs and batches of 1, 2 and 7 rows, and over one image of another size if the file takes any; not a number
    /// if an output is not.
    /// </summary>
    /// <param name="network">The network; it is left in the mode it was in.</param>
    /// <param name="exported">Whole rows, taken in turn; seeded random pixels if there are none.</param>
    /// <param name="path">The file.</param>
    public static double MaxAbsDifference(ImageClassifier network, OnnxExportOptions exported, string path)
    {
        using var options = new SessionOptions();
        using var model = OnnxModel.Load(path, options);
        var rows = exported.ValidationRows.Span;
        var source = rows.IsEmpty ? RandomPixels(8 * network.InputLength) : rows;

        var wasTraining = network.training;
        network.eval();
        try
        {
            var largest = 0.0;
            var next = 0;
            foreach (var batch in (int[])[1, 2, 7])
            {
                var pixels = new float[batch * network.InputLength];
                for (var row = 0; row < batch; row++, next += network.InputLength)
                    source.Slice(next % source.Length, network.InputLength).CopyTo(pixels.AsSpan(row * network.InputLength));
                // Math.Max passes on what is not a number.
                largest = Math.Max(largest, Compare(network, exported.PixelInput, model, pixels, [batch, .. network.InputShape.Select(size => (long)size)]));
            }
            if (!exported.AnyImageSize)
                return largest;
            var (height, width) = (network.Height + 5, network.Width + 18);
            return Math.Max(largest, Compare(network, exported.PixelInput, model, RandomPixels(network.Channels * height * width), [1, network.Channels, height, width]));
        }
        finally
        {
            network.train(wasTraining);
        }
    }

    static double Compare(ImageClassifier network, PixelInput form, OnnxModel model, float[] pixels, long[] shape)
    {
        using var input = form == PixelInput.FloatPlanar ? OrtValue.CreateTensorValueFromMemory(pixels, shape) : Bytes(pixels, shape);
        using var run = new RunOptions();
        string[] outputs = [OnnxExporter.ScoreName, OnnxExporter.LogitsName, OnnxExporter.FeaturesNameOf(network)];
        using var actual = model.Session.Run(run, [OnnxExporter.InputNameOf(network)], [input], outputs);
        return Outputs(network, pixels, shape)
            .Select((expected, output) => Largest(expected, actual[output].GetTensorDataAsSpan<float>()))
            .Aggregate(0.0, Math.Max);
    }

    /// <summary>The pixels as interleaved bytes; the floats are rounded in place, so that both sides see the same.</summary>
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

    /// <summary>The network's scores, logits and features.</summary>
    static float[][] Outputs(ImageClassifier network, float[] pixels, long[] shape)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var input = tensor(pixels, device: network.parameters().First().device).reshape(shape);
        var logits = network.call(input);
        return [Values(logits.softmax(-1)), Values(logits), Values(network.features(input))];

        static float[] Values(Tensor tensor) => tensor.cpu().contiguous().data<float>().ToArray();
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

    static float[] RandomPixels(int count)
    {
        var random = new Random(17);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(256))];
    }
}
