using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;
using static NoisyNN.Tests.Entropy.Reference;

namespace NoisyNN.Tests.Entropy;

/// <summary>The intervals are for the expected figure of as many new rows; the truth is the mean over many such samples.</summary>
[TestClass]
public class SubsamplingIntervalTests
{
    [TestMethod]
    [DataRow(40, 2, 1.0, 1.0)]
    [DataRow(50, 3, 0.7, 2.0)]
    public void At_least_90_of_100_intervals_cover_the_expected_entropy(int rows, int dimension, double sigma, double power)
    {
        var options = Sigma(sigma, power) with { Subsamples = 40 };
        var truth = Enumerable
            .Range(0, 1000)
            .Average(sample => Dse(Sample(rows, dimension, 5000 + sample).Rows, options with { Subsamples = 0 }));
        var covered = Enumerable
            .Range(0, 100)
            .Count(sample => DiffusionEntropy.Measure(Sample(rows, dimension, sample).Rows, options: options).DseInterval!.Contains(truth));

        Assert.IsGreaterThanOrEqualTo(90, covered);
    }

    [TestMethod]
    public void At_least_90_of_100_intervals_cover_the_expected_mutual_information()
    {
        var options = Sigma(1) with { Repetitions = 2 };
        var truth = Enumerable.Range(0, 600).Average(sample => Information(5000 + sample, options).Dsmi!.Value);
        var covered = Enumerable
            .Range(0, 100)
            .Count(sample => Information(sample, options with { Subsamples = 25 }).DsmiInterval!.Contains(truth));

        Assert.IsGreaterThanOrEqualTo(90, covered);

        static EntropyReport Information(int seed, EntropyOptions options)
        {
            var (rows, classes) = Sample(36, 2, seed);
            return DiffusionEntropy.Measure(rows, classes, options);
        }
    }

    [TestMethod]
    public void The_width_is_four_standard_deviations_of_the_figure_over_new_samples()
    {
        var options = Sigma(1) with { Subsamples = 40 };
        var figures = Enumerable.Range(0, 600).Select(sample => Dse(Sample(60, 2, 5000 + sample).Rows, Sigma(1))).ToArray();
        var deviation = Math.Sqrt(figures.Select(figure => Math.Pow(figure - figures.Average(), 2)).Average());
        var intervals = Enumerable
            .Range(0, 40)
            .Select(sample => DiffusionEntropy.Measure(Sample(60, 2, sample).Rows, options: options).DseInterval!)
            .ToArray();

        Assert.AreEqual(2 * 2.02 * deviation, intervals.Average(interval => interval.High - interval.Low), 0.6 * deviation);
        Assert.AreEqual((54, 40, 0.95), (intervals[0].SubsampleRows, intervals[0].Subsamples, intervals[0].Level));
    }

    [TestMethod]
    public void A_rare_cluster_is_warned_of()
    {
        // 4 of 100 rows lie 20 away from the others.
        var noise = Normal(100, 2, 7);
        var rows = Make(100, 2, (i, j) => noise[i][j] + (i < 4 ? 20 : 0));
        var options = Sigma(1.5) with { Subsamples = 20 };
        StringAssert.Contains(DiffusionEntropy.Measure(rows, options: options).Notes.Single(), "clusters with less than a tenth");
        Assert.IsEmpty(DiffusionEntropy.Measure(Make(100, 2, (i, j) => noise[i][j]), options: options).Notes);
    }

    [TestMethod]
    public void Three_rows_have_no_interval() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Dse(Make(3, 1, (i, _) => i), Sigma(1) with { Subsamples = 20 })).Message,
            "at least 4 are needed"
        );

    /// <summary>Rows of two classes, drawn with equal probability, whose first features lie two apart.</summary>
    static (FeatureMatrix Rows, RowClasses Classes) Sample(int rows, int dimension, int seed)
    {
        var random = new Random(seed);
        var labels = Enumerable.Range(0, rows).Select(_ => (long)random.Next(2)).ToArray();
        var noise = Normal(rows, dimension, seed ^ 0x5eed);
        return (Make(rows, dimension, (i, j) => noise[i][j] + (j == 0 ? 2 * labels[i] : 0)), RowClasses.Of(labels));
    }
}
