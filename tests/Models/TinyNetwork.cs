using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.VisionTransformer;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Models;

/// <summary>An untrained network of a few thousand weights, none of them zero, and random images for it.</summary>
static class TinyNetwork
{
    public static NoisyViTConfiguration Configuration { get; } =
        new()
        {
            ImageSize = 6,
            PatchSize = 2,
            Channels = 2,
            ClassCount = 4,
            Dimension = 12,
            Depth = 3,
            Heads = 3,
            MlpDimension = 20,
            Mean = [0.4, 0.6],
            StandardDeviation = [0.3, 0.2],
        };

    public static NoisyViT Create(NoisyViTConfiguration? configuration = null)
    {
        manual_seed(11);
        var network = new NoisyViT(configuration ?? Configuration);
        using var gradients = no_grad();
        foreach (var parameter in network.parameters())
            parameter.add_(randn_like(parameter) * 0.2);
        network.eval();
        return network;
    }

    public static float[] Pixels(Classifier network, int rowCount)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, rowCount * network.InputLength).Select(_ => (float)random.Next(256))];
    }

    public static float[] Logits(Classifier network, ReadOnlySpan<float> pixels)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var input = tensor(pixels.ToArray()).reshape([-1, .. network.InputShape.Select(size => (long)size)]);
        return network.call(input).contiguous().data<float>().ToArray();
    }

    public static double LargestDifference(IEnumerable<float> left, IEnumerable<float> right) =>
        left.Zip(right, (a, b) => Math.Abs((double)a - b)).Max();
}
