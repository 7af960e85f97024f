using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Pipelines.Experiments.Domains;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Experiments.Domains;

/// <summary>The statistics of batch normalisations, estimated anew on other rows (AdaBN).</summary>
[TestClass]
public sealed class BatchStatisticsTests
{
    [TestMethod]
    public void The_normalisations_get_the_statistics_of_the_rows_and_their_own_back()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var network = new NoisyResNet(
            new()
            {
                Depth = 18,
                Width = 2,
                ImageSize = 8,
                Channels = 1,
                ClassCount = 2,
            }
        );
        // The same rows again and again: the running averages then are the statistics of this batch, apart from 0.9^100.
        var rows = arange(0, 64 * 64, dtype: ScalarType.Float32).sin().reshape(64, 1, 8, 8) * 40 + 60;
        network.eval();
        var own = network.features(rows);
        network.train();
        var normalized = network.features(rows);
        Assert.IsGreaterThan(0.1f, (own - normalized).abs().max().item<float>());
        network.eval();
        own = network.features(rows);

        using (BatchStatistics.Estimate(network, Enumerable.Repeat(rows, 100)))
        {
            // Running variances divide by n - 1, those of a batch by n; the smallest n is 64 x 1 x 1.
            Assert.AreEqual(0, (network.features(rows) - normalized).abs().max().item<float>(), 0.1);
            Assert.IsFalse(network.training);
        }

        Assert.AreEqual(0, (network.features(rows) - own).abs().max().item<float>(), 0);
    }

    [TestMethod]
    public void A_network_without_batch_normalisation_is_refused()
    {
        using var network = new NoisyViT(
            new()
            {
                ImageSize = 8,
                Channels = 1,
                ClassCount = 2,
                Depth = 1,
            }
        );

        var error = Assert.ThrowsExactly<NotSupportedException>(() => BatchStatistics.Norms(network));

        Assert.Contains("has no batch normalisation", error.Message);
    }
}
