using NoisyNN.Pipelines.Experiments.Claims;

namespace NoisyNN.Tests.Experiments.Claims;

/// <summary>What a figure predicts of an outcome beyond other figures.</summary>
[TestClass]
public sealed class PartialSlopeTests
{
    [TestMethod]
    public void Its_t_test_is_the_nested_F_test()
    {
        var random = new Random(1);
        double[] known = [.. Enumerable.Range(0, 20).Select(_ => random.NextDouble())];
        double[] figures = [.. known.Select(value => value + random.NextDouble())];
        double[] outcomes = [.. known.Zip(figures, (one, other) => 2 * one - other + random.NextDouble())];

        var slope = PartialSlope.Of(outcomes, figures, known)!.Value;

        // Residual sums of squares of the regressions on 1, known and on 1, known, figure.
        var (without, with) = (Residual(outcomes, [known]), Residual(outcomes, [known, figures]));
        var statistic = (without - with) / (with / (20 - 3));
        Assert.AreEqual(statistic, Math.Pow(slope.Value / slope.StandardError, 2), 1e-9);
        Assert.AreEqual(17, slope.DegreesOfFreedom);
    }

    [TestMethod]
    public void The_slope_is_that_of_one_standard_deviation()
    {
        double[] figures = [1, 2, 3, 4, 5, 6];
        double[] outcomes = [.. figures.Select((value, place) => 0.5 * value + (place % 2 == 0 ? 0.01 : -0.01))];

        var slope = PartialSlope.Of(outcomes, figures)!.Value;

        // The sample standard deviation of 1 to 6 is √3.5; the alternating part adds -0.03 / 17.5 to the slope.
        Assert.AreEqual((0.5 - 0.03 / 17.5) * Math.Sqrt(3.5), slope.Value, 1e-9);
    }

    [TestMethod]
    public void A_figure_without_an_effect_is_found_in_five_of_a_hundred()
    {
        var random = new Random(7);
        var found = Enumerable
            .Range(0, 400)
            .Count(_ =>
            {
                double[] known = [.. Enumerable.Range(0, 35).Select(_ => random.NextDouble())];
                double[] figures = [.. known.Select(value => value * value + random.NextDouble())];
                double[] outcomes = [.. known.Select(value => 3 * value + random.NextDouble())];
                return !PartialSlope.Of(outcomes, figures, known)!.Value.Interval().Contains(0);
            });

        // Nominal 20 of 400; the standard deviation is 4.4.
        Assert.IsTrue(found is > 5 and < 36, $"{found}");
    }

    [TestMethod]
    public void A_figure_that_follows_from_what_is_known_says_nothing()
    {
        double[] known = [1, 2, 3, 4, 5, 6];

        Assert.IsNull(PartialSlope.Of([2, 1, 4, 3, 6, 5], [.. known.Select(value => 2 * value + 1)], known));
        Assert.IsNull(PartialSlope.Of([2, 1, 4, 3, 6, 5], [1, 1, 1, 1, 1, 1]));
        Assert.IsNull(PartialSlope.Of([2, 1], [1, 3]));
    }

    /// <summary>The residual sum of squares of a regression on a constant and these columns, by Gram and Schmidt.</summary>
    static double Residual(double[] outcomes, double[][] columns)
    {
        List<double[]> basis = [];
        foreach (
            var column in (double[][])
                [
                    [.. outcomes.Select(_ => 1.0)],
                    .. columns,
                ]
        )
            basis.Add(Without(column, basis));
        var rest = Without(outcomes, basis);
        return rest.Sum(value => value * value);
    }

    static double[] Without(double[] column, List<double[]> basis) =>
        basis.Aggregate(
            column,
            (rest, other) =>
            {
                var share = rest.Zip(other, (x, y) => x * y).Sum() / other.Sum(value => value * value);
                return [.. rest.Zip(other, (x, y) => x - share * y)];
            }
        );
}
