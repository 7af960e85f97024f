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
                ImageSize = 16,
                Channels = 1,
                ClassCount = 2,
            }
        );
        // The same rows again and again: the running averages then are the statistics of this batch, apart from 0.9^100.
        var rows = arange(0, 64 * 256, dtype: ScalarType.Float32).sin().reshape(64, 1, 16, 16) * 40 + 60;
        network.train();
        var normalized = network.features(rows);
        network.eval();
        var own = network.features(rows);

        using (BatchStatistics.Estimate(network, Enumerable.Repeat(rows, 100)))
        {
            // Not 0: running variances divide by n - 1, and those of a batch by n.
            Assert.IsLessThan(0.1f * Distance(own, normalized), Distance(network.features(rows), normalized));
            Assert.IsFalse(network.training);
        }

        Assert.AreEqual(0f, Distance(network.features(rows), own));

        static double Distance(Tensor one, Tensor other) => (one - other).abs().mean().item<float>();
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
