using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Statistics;

[TestClass]
public sealed class ClusteredMeanTests
{
    [TestMethod]
    public void With_clusters_of_one_row_it_is_students_interval()
    {
        var values = Simulation.Normal(new Random(1), 30, 0.2, 1);

        var (clustered, sample) = (ClusteredMean.Of(values, 1)!.Value, MeanEstimate.OfSample(values)!.Value);

        Assert.AreEqual(sample.Value, clustered.Value, 1e-12);
        Assert.AreEqual(sample.StandardError, clustered.StandardError, 1e-12);
        Assert.AreEqual(29, clustered.DegreesOfFreedom);
    }

    [TestMethod]
    public void Rows_that_repeat_their_cluster_count_once()
    {
        var fates = Simulation.Normal(new Random(1), 30, 0.2, 1);
        double[] rows = [.. fates.SelectMany(fate => Enumerable.Repeat(fate, 10))];

        var (clustered, alone) = (ClusteredMean.Of(rows, 10)!.Value, ClusteredMean.Of(fates, 1)!.Value);

        Assert.AreEqual(alone.StandardError, clustered.StandardError, 1e-12);
    }

    [TestMethod]
    public void The_interval_covers_where_the_rows_of_a_batch_share_its_fate()
    {
        // 40 batches of 64 rows; a batch goes well with probability 0.7, then 95 of 100 rows are right, else 50 of 100.
        const double truth = 0.7 * 0.95 + 0.3 * 0.5;
        double[][] samples =
        [
            .. Enumerable
                .Range(1, 1000)
                .Select(seed =>
                {
                    var random = new Random(seed);
                    return (double[])
                        [
                            .. Enumerable
                                .Range(0, 40)
                                .Select(_ => random.NextDouble() < 0.7 ? 0.95 : 0.5)
                                .SelectMany(share => Enumerable.Range(0, 64).Select(_ => random.NextDouble() < share ? 1.0 : 0.0)),
                        ];
                }),
        ];

        Assert.IsGreaterThanOrEqualTo(0.93, Simulation.Coverage(samples.Select(rows => ClusteredMean.Of(rows, 64)), truth));
        // As if rows were independent, the interval covers less than half.
        Assert.IsLessThan(0.5, Simulation.Coverage(samples.Select(rows => ClusteredMean.Of(rows, 1)), truth));
    }

    [TestMethod]
    public void Where_few_batches_differ_from_the_others_there_is_no_interval()
    {
        double[] Batches(int failed, int all) => [.. Enumerable.Range(0, all * 8).Select(row => row / 8 < failed ? 0.0 : 1.0)];

        Assert.IsNull(ClusteredMean.Of(Batches(failed: 4, all: 100), 8));
        Assert.IsNotNull(ClusteredMean.Of(Batches(failed: 5, all: 100), 8));
        Assert.IsNull(ClusteredMean.Of(Batches(failed: 0, all: 100), 8));
        Assert.IsNull(ClusteredMean.Of(Batches(failed: 4, all: 8), 8));
    }

    [TestMethod]
    [DataRow(0.05)]
    [DataRow(0.15)]
    [DataRow(0.3)]
    public void An_interval_of_fates_of_whole_batches_covers_where_there_is_one(double failing)
    {
        var estimates = Enumerable
            .Range(1, 3000)
            .Select(seed =>
            {
                var random = new Random(seed);
                return ClusteredMean.Of([.. Enumerable.Range(0, 60).Select(_ => random.NextDouble() < failing ? 0.0 : 1.0)], 1);
            })
            .ToList();

        Assert.IsGreaterThanOrEqualTo(0.93, Simulation.Coverage(estimates, 1 - failing));
    }

    [TestMethod]
    public void Random_orders_widen_the_interval_and_a_single_one_does_not_suffice()
    {
        var rows = Simulation.Normal(new Random(1), 400, 0.1, 1);
        var alone = ClusteredMean.Of(rows, 10)!.Value;

        // Orders 0.02 apart: a standard error of 0.01 · √2 / √2.
        var ordered = ClusteredMean.Of(rows, 10, [0.79, 0.81])!.Value;

        Assert.AreEqual(Math.Sqrt(alone.StandardError * alone.StandardError + 1e-4), ordered.StandardError, 1e-12);
        // Two orders that differ much decide nearly alone, and have one degree of freedom.
        Assert.IsInRange(1, 1.1, ClusteredMean.Of(rows, 10, [0.2, 1.4])!.Value.DegreesOfFreedom);
        Assert.IsNull(ClusteredMean.Of(rows, 10, [0.8]));
    }
}
