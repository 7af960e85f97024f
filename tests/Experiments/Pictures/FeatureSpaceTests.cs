using NoisyNN.Models.Layers;
using NoisyNN.Models.Rows;
using NoisyNN.Pipelines.Experiments.Pictures;
using NoisyNN.Tests.Onnx;
using NoisyNN.Transforms.Noise.Gaussian;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Experiments.Pictures;

/// <summary>Features without and with noise inside the network, in two dimensions.</summary>
[TestClass]
public sealed class FeatureSpaceTests
{
    static RowStore Rows(int count)
    {
        var (random, length) = (new Random(6), RandomNetwork.Grey.ImageSize * RandomNetwork.Grey.ImageSize);
        return RowStore.Of([.. Enumerable.Range(0, count * length).Select(_ => (float)random.Next(256))], new int[count], length);
    }

    [TestMethod]
    [DataRow(NoiseSite.BlockInput, "class_token")]
    [DataRow(NoiseSite.BeforeHead, "logits")]
    public void Noise_moves_the_rows_by_its_strength_and_leaves_the_network(NoiseSite site, string layer)
    {
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        using var rows = Rows(40);

        var none = FeatureSpace.Of(network, CPU, new(new GaussianNoise(1e-7), site), rows, seed: 1);
        var weak = FeatureSpace.Of(network, CPU, new(new GaussianNoise(0.1), site), rows, seed: 1);
        var strong = FeatureSpace.Of(network, CPU, new(new GaussianNoise(1), site), rows, seed: 1);

        Assert.AreEqual(layer, weak.Layer);
        Assert.HasCount(40, weak.Clean);
        Assert.HasCount(40, weak.Noisy);
        Assert.IsLessThan(1e-3, Moved(none));
        Assert.IsGreaterThan(10 * Moved(none), Moved(weak));
        Assert.IsGreaterThan(2 * Moved(weak), Moved(strong));
        Assert.IsNull(network.LatentNoise, "the network is as it was");
        // Principal components in the order of their variance, around the mean of the rows.
        Assert.IsGreaterThanOrEqualTo(weak.SecondShare, weak.FirstShare);
        Assert.IsLessThanOrEqualTo(1 + 1e-6, weak.FirstShare + weak.SecondShare);
        Assert.AreEqual(0, weak.Clean.Average(point => point.X), 1e-3);
        Assert.IsGreaterThan(weak.Clean.Average(point => point.Y * point.Y), weak.Clean.Average(point => point.X * point.X));
    }

    [TestMethod]
    public void A_large_test_set_is_shown_by_150_rows()
    {
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        using var rows = Rows(400);

        Assert.HasCount(150, FeatureSpace.Of(network, CPU, new(new GaussianNoise(0.1), NoiseSite.BlockInput), rows, seed: 1).Clean);
    }

    /// <summary>The mean distance between the two places of a row.</summary>
    static double Moved(NoisyNN.Pipelines.Reports.Charts.FeaturePicture picture) =>
        picture
            .Clean.Zip(picture.Noisy, (clean, noisy) => Math.Sqrt(Math.Pow(clean.X - noisy.X, 2) + Math.Pow(clean.Y - noisy.Y, 2)))
            .Average();
}
