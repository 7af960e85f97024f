using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;
using NoisyNN.Transforms.Entropy.Tracking;

namespace NoisyNN.Tests.Entropy.Tracking;

[TestClass]
public sealed class EntropyTrackerTests
{
    static readonly FeatureMatrix s_rows = Clouds.Make("clusters", 120, 5, seed: 3);
    static readonly RowClasses s_labels = RowClasses.Of(Enumerable.Range(0, 120).Select(row => (long)(row % 10)));
    static readonly RowClasses s_inputs = RowClasses.Of(Enumerable.Range(0, 120).Select(row => (long)(row / 40)));

    [TestMethod]
    public void Figures_equal_those_of_a_measurement_at_each_bandwidth()
    {
        var options = new TrackingOptions
        {
            Sigma = 4,
            Power = 2,
            Permutations = 0,
            Seed = 7,
        };
        var tracked = new EntropyTracker(s_labels, s_inputs, options).Measure(s_rows);
        var measured = new EntropyOptions
        {
            Power = 2,
            Seed = 7,
            Subsamples = 20,
        };
        EntropyOptions[] settings =
        [
            measured with
            {
                Bandwidth = Bandwidth.Of(4),
            },
            measured with
            {
                Bandwidth = Bandwidth.RootDimension,
                Scaling = FeatureScaling.ZScore,
            },
            measured,
        ];
        Assert.HasCount(3, tracked);
        foreach (var (own, setting) in tracked.Zip(settings))
        {
            var report = DiffusionEntropy.Measure(s_rows, s_labels, setting);
            Assert.AreEqual(report.Dse, own.Dse, 1e-9, $"{own.Bandwidth}");
            Assert.AreEqual(report.Dsmi!.Value, own.LabelDsmi, 1e-9, $"{own.Bandwidth}");
            Assert.AreEqual(report.Sigma!.Value, own.Sigma, 1e-9);
            Assert.AreEqual(report.DseInterval!.Low, own.DseInterval!.Low, 1e-9);
            Assert.AreEqual(report.DsmiInterval!.High, own.LabelDsmiInterval!.High, 1e-9);
            Assert.AreEqual(DiffusionEntropy.Measure(s_rows, s_inputs, setting).Dsmi!.Value, own.InputDsmi!.Value, 1e-9);
        }
        Assert.AreEqual(tracked[2].Sigma, tracked[0].MedianDistance, 1e-12);
    }

    [TestMethod]
    public void Growing_features_raise_the_entropy_at_a_fixed_bandwidth_alone()
    {
        var tracker = new EntropyTracker(s_labels, options: new() { Subsamples = 0, Permutations = 0 });
        var before = tracker.Measure(s_rows);
        var after = tracker.Measure(
            new([.. Enumerable.Range(0, 120).SelectMany(row => s_rows[row].ToArray()).Select(value => 8 * value)], 5)
        );

        Assert.IsGreaterThan(before[0].Dse + 1, after[0].Dse, "fixed");
        Assert.AreEqual(before[1].Dse, after[1].Dse, 1e-9, "z-scores");
        Assert.AreEqual(before[2].Dse, after[2].Dse, 1e-9, "median distance");
        Assert.AreEqual(8 * before[0].MedianDistance, after[0].MedianDistance, 1e-9);
    }

    [TestMethod]
    public void Permuted_labels_have_less_information_than_those_of_clusters()
    {
        var median = new EntropyTracker(s_labels, options: new() { Subsamples = 0, Bandwidths = [TrackedBandwidth.MedianDistance] })
            .Measure(s_rows)
            .Single();
        Assert.IsGreaterThan(median.NullMean!.Value + 10 * median.NullDeviation!.Value, median.LabelDsmi);
        Assert.IsNull(median.InputDsmi);
        Assert.IsNull(median.DseInterval);
    }

    [TestMethod]
    public void Nearly_equal_rows_beside_a_distant_one_have_the_entropies_of_a_measurement()
    {
        // 119 rows within 1e-9 of each other, and one a million away.
        var noise = Clouds.Make("noise", 120, 3, seed: 4);
        var rows = new FeatureMatrix(
            [.. Enumerable.Range(0, 120).SelectMany(row => noise[row].ToArray().Select(value => row == 0 ? 1e6 : 1e-9 * value))],
            3
        );
        var median = new EntropyTracker(s_labels, options: new() { Subsamples = 0, Permutations = 0 }).Measure(rows)[^1];
        Assert.AreEqual(2e-9, median.MedianDistance, 1e-9);
        Assert.AreEqual(DiffusionEntropy.Measure(rows, options: new() { Bandwidth = Bandwidth.Of(median.Sigma) }).Dse, median.Dse, 1e-6);
    }

    [TestMethod]
    public void Equal_rows_have_no_median_distance()
    {
        var equal = new EntropyTracker(s_labels, options: new() { Subsamples = 0 }).Measure(new(new double[240], 2));
        CollectionAssert.AreEqual(
            (TrackedBandwidth[])[TrackedBandwidth.Fixed, TrackedBandwidth.SqrtDimension],
            equal.Select(one => one.Bandwidth).ToArray()
        );
        Assert.AreEqual(0, equal[0].Dse, 1e-9);
    }

    [TestMethod]
    public void Rows_that_do_not_fit_the_labels_are_refused()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new EntropyTracker(s_labels).Measure(new([1, 2], 1))).Message,
            "2 rows do not fit 120 labels"
        );
        Assert.ThrowsExactly<ArgumentException>(() => new EntropyTracker(RowClasses.Of(["a", "b"])));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TrackingOptions { Subsamples = 5 });
    }
}
