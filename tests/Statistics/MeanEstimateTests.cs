using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Statistics;

[TestClass]
public sealed class MeanEstimateTests
{
    // Student's sleep data, as in R's documentation of t.test: hours of extra sleep under one drug minus those under the other.
    static readonly double[] s_sleep = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];

    [TestMethod]
    public void The_interval_and_p_value_of_students_data_are_those_of_R()
    {
        var estimate = MeanEstimate.OfSample(s_sleep)!.Value;

        Assert.AreEqual(1.58, estimate.Value, 1e-12);
        Assert.AreEqual(9, estimate.DegreesOfFreedom);
        Assert.AreEqual(0.7001142, estimate.Interval().Low, 1e-7);
        Assert.AreEqual(2.4598858, estimate.Interval().High, 1e-7);
        Assert.AreEqual(0.002833, estimate.PValue, 1e-6);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(5)]
    [DataRow(10)]
    public void The_interval_over_seeds_covers_95_of_100(int seeds)
    {
        var coverage = Simulation.Coverage(
            Enumerable.Range(1, 2000).Select(seed => MeanEstimate.OfSample(Simulation.Normal(new Random(seed), seeds, 0.4, 0.3))),
            truth: 0.4
        );

        Assert.IsInRange(0.93, 0.97, coverage);
    }

    [TestMethod]
    public void The_interval_covers_where_differences_are_skewed_as_those_of_networks_that_sometimes_fail()
    {
        // Most seeds lose little and some lose much: minus the exponential of a normal value, mean -exp(0.045).
        var coverage = Simulation.Coverage(
            Enumerable
                .Range(1, 2000)
                .Select(seed =>
                    MeanEstimate.OfSample([.. Simulation.Normal(new Random(seed), 10, 0, 0.3).Select(value => -Math.Exp(value))])
                ),
            truth: -Math.Exp(0.045)
        );

        Assert.IsGreaterThanOrEqualTo(0.93, coverage);
    }

    [TestMethod]
    public void The_interval_over_folds_covers_although_folds_share_training_rows()
    {
        // A common part with the correlation 1/5 that test rows over all rows have in five folds.
        double[][] runs =
        [
            .. Enumerable
                .Range(1, 2000)
                .Select(seed =>
                {
                    var random = new Random(seed);
                    var common = Simulation.Normal(random, 1, 0, Math.Sqrt(0.2))[0];
                    return (double[])[.. Simulation.Normal(random, 5, 0.4, Math.Sqrt(0.8)).Select(value => value + common)];
                }),
        ];

        Assert.IsInRange(0.93, 0.97, Simulation.Coverage(runs.Select(MeanEstimate.OfFolds), 0.4));
        // As if they were independent.
        Assert.IsLessThan(0.90, Simulation.Coverage(runs.Select(MeanEstimate.OfSample), 0.4));
    }

    [TestMethod]
    [DataRow(5)]
    [DataRow(10)]
    public void A_difference_of_the_smallest_detectable_size_is_found_in_80_of_100(int seeds)
    {
        // The standard error that the formula needs is the true one here.
        var detectable = new MeanEstimate(0, 0.2 / Math.Sqrt(seeds), seeds - 1).SmallestDetectable();

        var found = Simulation.Share(
            4000,
            random => MeanEstimate.OfSample(Simulation.Normal(random, seeds, detectable, 0.2))!.Value.Interval().Low > 0
        );

        Assert.IsInRange(0.76, 0.84, found);
    }

    [TestMethod]
    public void Three_seeds_detect_0_8_points_and_0_2_points_need_ten()
    {
        // Standard deviations of paired differences of mild noises, in points, were 0.07 to 0.28.
        Assert.AreEqual(0.87, new MeanEstimate(0, 0.28 / Math.Sqrt(3), 2).SmallestDetectable(), 0.01);
        Assert.AreEqual(0.20, new MeanEstimate(0, 0.20 / Math.Sqrt(10), 9).SmallestDetectable(), 0.01);
    }

    [TestMethod]
    public void The_equivalence_test_errs_in_5_of_100_at_the_margin_and_finds_equal_networks()
    {
        static bool IsEquivalent(Random random, double mean) =>
            MeanEstimate.OfSample(Simulation.Normal(random, 10, mean, 0.2))!.Value.EquivalencePValue(0.3) <= 0.05;

        Assert.IsInRange(0.03, 0.065, Simulation.Share(2000, random => IsEquivalent(random, 0.3)));
        Assert.IsGreaterThan(0.98, Simulation.Share(2000, random => IsEquivalent(random, 0)));
    }

    [TestMethod]
    public void The_equivalence_test_agrees_with_the_90_percent_interval()
    {
        foreach (var seed in Enumerable.Range(1, 200))
        {
            var estimate = MeanEstimate.OfSample(Simulation.Normal(new Random(seed), 6, 0.1, 0.25))!.Value;
            var interval = estimate.Interval(0.90);
            Assert.AreEqual(-0.3 <= interval.Low && interval.High <= 0.3, estimate.EquivalencePValue(0.3) <= 0.05);
        }
    }

    [TestMethod]
    public void Without_a_spread_there_is_no_estimate()
    {
        Assert.IsNull(MeanEstimate.OfSample([0.3]));
        Assert.IsNull(MeanEstimate.OfSample([0, 0, 0]));
        // Equal but for rounding.
        Assert.IsNull(MeanEstimate.OfSample([0.862 - 0.852, 0.912 - 0.902, 0.35 - 0.34]));
        Assert.IsNull(MeanEstimate.OfFolds([0.3]));
        Assert.ThrowsExactly<ArgumentException>(() => MeanEstimate.OfSample([0.1, double.NaN]));
    }
}
