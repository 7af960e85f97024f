using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;
using NoisyNN.Transforms.Entropy.Spectra;
using static NoisyNN.Tests.Entropy.Reference;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Entropy;

[TestClass]
public class ApproximationTests
{
    static readonly (Bandwidth, double)[] Settings =
    [
        (Bandwidth.RootDimension, 1),
        (Bandwidth.MedianDistance, 1),
        (Bandwidth.Of(3), 1),
        (Bandwidth.RootDimension, 2),
        (Bandwidth.Of(3), 1.5),
    ];

    [TestMethod]
    [DataRow("clusters")]
    [DataRow("manifold")]
    [DataRow("noise")]
    [DataRow("near-duplicates")]
    [DataRow("network")]
    public void The_approximation_is_within_its_bound_of_the_exact_entropy_and_within_a_hundredth_of_a_bit(string kind)
    {
        var rows = Clouds.Make(kind, 1000, 48, seed: 3);
        foreach (var (bandwidth, power) in Settings)
        {
            var options = new EntropyOptions { Bandwidth = bandwidth, Power = power };
            var exact = DiffusionEntropy.Measure(rows, options: options);
            foreach (var seed in new[] { 0, 1 })
            {
                var approximate = DiffusionEntropy.Measure(rows, options: options with { IsApproximate = true, Seed = seed });
                Assert.IsNull(exact.DseErrorBound);
                Assert.AreEqual(
                    exact.Dse,
                    approximate.Dse,
                    approximate.DseErrorBound!.Value,
                    $"{bandwidth.Rule}, power {power}, seed {seed}"
                );
                Assert.IsLessThan(0.05, approximate.DseErrorBound.Value, $"{bandwidth.Rule}, power {power}, seed {seed}");
                Assert.AreEqual(exact.Dse, approximate.Dse, 0.01, $"{bandwidth.Rule}, power {power}, seed {seed}");
            }
        }
    }

    /// <summary>
    /// Clusters without affinity to one another have the eigenvalues of each: an exact figure of more rows than all eigenvalues are
    /// computed of.
    /// </summary>
    [TestMethod]
    [DataRow(1.0)]
    [DataRow(2.0)]
    public void Of_clusters_far_apart_the_figure_is_within_a_hundredth_of_that_of_their_eigenvalues_together(double power)
    {
        const int Count = 5,
            Rows = 1000,
            Dimension = 24;
        var sigma = Math.Sqrt(Dimension);
        var clusters = Enumerable
            .Range(0, Count)
            .Select(cluster => Normal(Rows, Dimension, seed: cluster, scale: 0.4 + 0.4 * cluster))
            .ToArray();
        using var scope = NewDisposeScope();
        double[] eigenvalues =
        [
            .. clusters.SelectMany(rows =>
                linalg
                    .eigvalsh(DiffusionKernel.Symmetric(KernelRows.Prepare(rows, Sigma(sigma)), ScalarType.Float64))
                    .data<double>()
                    .ToArray()
            ),
        ];
        // One axis for each cluster, 10σ out, so that two of them lie 14σ apart: an affinity of e^-100.
        var all = Make(Count * Rows, Dimension, (i, j) => clusters[i % Count][i / Count][j] + (j == i % Count ? 10 * sigma : 0));

        var report = DiffusionEntropy.Measure(all, options: Sigma(sigma, power) with { IsApproximate = true });
        var exact = SpectralDistribution.Entropy(eigenvalues, power);
        Assert.AreEqual(exact, report.Dse, Math.Min(0.01, report.DseErrorBound!.Value));
        Assert.IsLessThan(0.05, report.DseErrorBound.Value);
    }

    [TestMethod]
    [DataRow("clusters")]
    [DataRow("manifold")]
    [DataRow("noise")]
    [DataRow("near-duplicates")]
    [DataRow("network")]
    public void Single_precision_is_within_a_hundred_thousandth_of_a_bit(string kind)
    {
        var rows = Clouds.Make(kind, 600, 48, seed: 4);
        foreach (var (bandwidth, power) in Settings)
        {
            var options = new EntropyOptions { Bandwidth = bandwidth, Power = power };
            var exact = DiffusionEntropy.Measure(rows, options: options).Dse;
            Assert.AreEqual(
                exact,
                DiffusionEntropy.Measure(rows, options: options with { Precision = EntropyPrecision.Single }).Dse,
                1e-5,
                bandwidth.Rule
            );
        }
    }

    [TestMethod]
    public void The_network_among_the_kinds_has_learned_what_chance_gets_right_in_a_quarter_of_the_rows() =>
        Assert.IsGreaterThan(0.8, TrainedPerceptron.Embed(1000, 48, seed: 3).Accuracy);

    [TestMethod]
    public void A_seed_decides_the_figure()
    {
        var rows = Clouds.Make("noise", 1000, 12, seed: 1);
        var options = new EntropyOptions { IsApproximate = true, Seed = 7 };
        var (one, other) = (DiffusionEntropy.Measure(rows, options: options), DiffusionEntropy.Measure(rows, options: options));
        Assert.AreEqual((one.Dse, one.DseErrorBound), (other.Dse, other.DseErrorBound));
        Assert.AreNotEqual(
            DiffusionEntropy.Measure(rows, options: options).Dse,
            DiffusionEntropy.Measure(rows, options: options with { Seed = 8 }).Dse
        );
    }

    [TestMethod]
    public void A_matrix_made_tile_by_tile_is_the_one_that_is_held()
    {
        var rows = KernelRows.Prepare(Clouds.Make("clusters", 2500, 6, seed: 2), new() { Bandwidth = Bandwidth.Of(3) });
        using var held = new KernelOperator(rows);
        using var tiled = new KernelOperator(rows, heldRows: 0);
        using var scope = NewDisposeScope();
        var vectors = arange(0, 2500 * 3, ScalarType.Float32).sin().reshape(2500, 3);

        Assert.AreEqual(held.Trace, tiled.Trace, 1e-5 * held.Trace);
        Assert.AreEqual(held.SquaredNorm, tiled.SquaredNorm, 1e-5 * held.SquaredNorm);
        Assert.AreEqual(0, held.Multiply(vectors).sub(tiled.Multiply(vectors)).abs().max().item<float>(), 1e-5);
        var eigenvalues = linalg.eigvalsh(DiffusionKernel.Symmetric(rows, ScalarType.Float64)).data<double>().ToArray();
        Assert.AreEqual(eigenvalues.Sum(), tiled.Trace, 1e-5 * held.Trace);
        Assert.AreEqual(eigenvalues.Sum(value => value * value), tiled.SquaredNorm, 1e-5 * held.SquaredNorm);
    }

    [TestMethod]
    [DataRow("clusters")]
    [DataRow("noise")]
    public void A_matrix_too_large_to_hold_is_measured_in_fewer_products_within_a_twentieth_of_a_bit(string kind)
    {
        var rows = KernelRows.Prepare(Clouds.Make(kind, 2500, 32, seed: 4), new() { Bandwidth = Bandwidth.RootDimension });
        using var tiled = new KernelOperator(rows, heldRows: 0);
        var approximate = ApproximateEntropy.Of(tiled, power: 1, seed: 3);
        using var scope = NewDisposeScope();
        var exact = SpectralDistribution.Entropy(
            linalg.eigvalsh(DiffusionKernel.Symmetric(rows, ScalarType.Float64)).data<double>().ToArray(),
            1
        );
        Assert.AreEqual(exact, approximate.Bits, approximate.Bound);
        Assert.AreEqual(exact, approximate.Bits, 0.05);
    }

    [TestMethod]
    public void Mutual_information_has_a_bound_too_and_few_rows_are_measured_exactly()
    {
        var rows = Clouds.Make("clusters", 2200, 8, seed: 5);
        var classes = RowClasses.Of(Enumerable.Range(0, 2200).Select(row => (long)(row % 2)));
        var options = new EntropyOptions { Bandwidth = Bandwidth.Of(3), Repetitions = 1 };
        var exact = DiffusionEntropy.Measure(rows, classes, options);
        var approximate = DiffusionEntropy.Measure(rows, classes, options with { IsApproximate = true });

        Assert.AreEqual(exact.Dsmi!.Value, approximate.Dsmi!.Value, approximate.DsmiErrorBound!.Value);
        Assert.IsLessThan(0.05, approximate.DsmiErrorBound.Value);
        Assert.IsNull(DiffusionEntropy.Measure(Reference.M, options: options with { IsApproximate = true }).DseErrorBound);
    }

    [TestMethod]
    public void Rows_too_far_apart_for_single_precision_are_refused() =>
        StringAssert.Contains(
            Assert
                .ThrowsExactly<ArgumentException>(() =>
                    Reference.Dse(Clouds.Make("noise", 1000, 3, 1), Reference.Sigma(1e-3) with { IsApproximate = true })
                )
                .Message,
            "spread too far beyond σ = 0.001"
        );
}
