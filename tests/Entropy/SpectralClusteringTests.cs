using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;
using NoisyNN.Transforms.Entropy.Spectra;
using static NoisyNN.Tests.Entropy.Reference;

namespace NoisyNN.Tests.Entropy;

/// <summary>Clusters as scikit-learn 1.2.1 finds them with nearest-neighbour affinities and cluster_qr.</summary>
[TestClass]
public class SpectralClusteringTests
{
    /// <summary>Three arcs of 40 points.</summary>
    static readonly FeatureMatrix Arcs = Make(
        120,
        3,
        (i, j) =>
            (u: i % 40 / 39.0 * Math.PI, arc: i / 40) is var (u, arc)
                ? j switch
                {
                    0 => Math.Cos(u) + 1.1 * arc + 0.02 * Math.Sin(7 * i),
                    1 => Math.Sin(u) * (1 - 2 * (arc % 2)) + 0.35 * (arc % 2) + 0.02 * Math.Cos(11 * i),
                    _ => 0.1 * Math.Sin((double)i * i),
                }
                : 0
    );

    [TestMethod]
    [DataRow(3, "111111111111111111111111111111111111111122222222222222222222222222222222222222220000000000000000000000000000000000000001")]
    [DataRow(5, "444444444444444433333333333333333333333311111111111111111111000000000000000000002222222222222222222222244444444444444444")]
    public void The_partition_is_that_of_scikit_learn(int clusters, string expected)
    {
        var found = SpectralClustering.Cluster(Arcs, clusters).Indexes;
        var pairs = expected.Zip(found).Distinct().ToArray();

        Assert.AreEqual(clusters, pairs.Length, "Every cluster must be one of the expected ones, and all of it.");
        Assert.AreEqual(clusters, found.Distinct().Count());
    }

    [TestMethod]
    [DataRow(3, -0.022247811806)]
    [DataRow(4, -0.060019238938)]
    public void Mutual_information_with_a_continuous_reference_is_that_of_the_reference_package(int clusters, double expected)
    {
        var rows = Make(
            120,
            3,
            (i, j) =>
                j switch
                {
                    0 => Math.Sin(0.37 * i) + i % 3,
                    1 => Math.Cos(0.11 * i * i) * 0.3,
                    _ => 0.2 * Math.Sin(i),
                }
        );
        var classes = SpectralClustering.Cluster(Arcs, clusters);
        var report = DiffusionEntropy.Measure(rows, classes, Sigma(0.5));

        Assert.AreEqual(expected, report.Dsmi!.Value, 1e-9);
        StringAssert.Contains(report.Notes.Single(), $"{clusters} spectral clusters of a reference of 3 dimensions");
    }

    [TestMethod]
    public void Fewer_rows_than_clusters_are_refused() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => SpectralClustering.Cluster(A, 4)).Message,
            "4 rows cannot be divided into 4 clusters"
        );
}
