using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.VisionTransformer;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Onnx;

/// <summary>
/// Untrained networks whose every weight is random. A fresh network's head is zero, which would make all its scores alike.
/// </summary>
static class RandomNetwork
{
    public static NoisyViTConfiguration Grey { get; } =
        new()
        {
            ImageSize = 12,
            PatchSize = 4,
            Channels = 1,
            ClassCount = 10,
            Dimension = 16,
            Depth = 2,
            Heads = 4,
            MlpDimension = 24,
            Mean = [0.3],
            StandardDeviation = [0.35],
        };

    public static NoisyViTConfiguration Colour { get; } =
        new()
        {
            ImageSize = 16,
            PatchSize = 8,
            Channels = 3,
            ClassCount = 3,
            Dimension = 12,
            Depth = 1,
            Heads = 3,
            MlpDimension = 48,
            Mean = [0.485, 0.456, 0.406],
            StandardDeviation = [0.229, 0.224, 0.225],
        };

    public static NoisyViT Create(NoisyViTConfiguration configuration, long seed = 1)
    {
        manual_seed(seed);
        var network = new NoisyViT(configuration);
        using var gradients = no_grad();
        foreach (var weight in network.parameters())
            weight.add_(randn_like(weight), 0.1);
        network.eval();
        return network;
    }

    /// <summary>Raw pixels, rows one after the other.</summary>
    public static float[] Pixels(ImageClassifier network, int rowCount, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rowCount * network.InputLength).Select(_ => (float)random.Next(256))];
    }

    /// <summary>The network's logits for all rows as one batch.</summary>
    public static float[] Logits(ImageClassifier network, float[] pixels) => Run(network, pixels, network.call);

    public static float[] Features(ImageClassifier network, float[] pixels) => Run(network, pixels, network.features);

    static float[] Run(ImageClassifier network, float[] pixels, Func<Tensor, Tensor> function)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var input = tensor(pixels).reshape(pixels.Length / network.InputLength, network.Channels, network.Height, network.Width);
        return function(input).contiguous().data<float>().ToArray();
    }
}
