using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Statistics;

[TestClass]
public sealed class SignFlipTestTests
{
    [TestMethod]
    public void Nine_gains_and_a_tie_have_4_of_1024_choices_of_signs()
    {
        // All gains kept or all turned round, each with either sign of the tie.
        Assert.AreEqual(4.0 / 1024, SignFlipTest.PValue([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])!.Value, 1e-15);
    }

    [TestMethod]
    public void Every_choice_of_signs_is_tried()
    {
        double[] differences = [0.5, -0.25, 0.75, 1, -0.5, 0.25, 1.5];
        var sums = Enumerable
            .Range(0, 1 << differences.Length)
            .Select(choice => differences.Select((value, i) => (choice >> i & 1) == 0 ? value : -value).Sum())
            .ToList();

        var expected = (double)sums.Count(sum => Math.Abs(sum) >= differences.Sum()) / sums.Count;

        Assert.AreEqual(expected, SignFlipTest.PValue(differences)!.Value, 1e-15);
    }

    [TestMethod]
    public void Five_differences_can_never_be_below_5_percent_and_get_none()
    {
        Assert.IsNull(SignFlipTest.PValue([1, 2, 3, 4, 5]));
        Assert.AreEqual(2.0 / 64, SignFlipTest.PValue([1, 2, 3, 4, 5, 6])!.Value, 1e-15);
    }

    [TestMethod]
    public void Beyond_twenty_differences_signs_are_drawn_and_come_near_the_exact_value()
    {
        // Twenty of which four are losses of the same size, and one difference of 0 more, which changes no sum.
        double[] twenty = [.. Enumerable.Repeat(1.0, 16), .. Enumerable.Repeat(-1.0, 4)];

        // P(at most 4 or at least 16 of 20 heads) = 2 · 6196 / 2^20.
        Assert.AreEqual(2 * 6196.0 / (1 << 20), SignFlipTest.PValue(twenty)!.Value, 1e-15);
        Assert.AreEqual(2 * 6196.0 / (1 << 20), SignFlipTest.PValue([.. twenty, 0])!.Value, 0.0015);
    }

    [TestMethod]
    public void Without_a_difference_5_of_100_p_values_are_below_5_percent_whatever_the_distribution()
    {
        // Heavy tails: a quotient of two normal values has no variance.
        var found = Simulation.Share(
            3000,
            random =>
            {
                var (above, below) = (Simulation.Normal(random, 8, 0, 1), Simulation.Normal(random, 8, 0, 1));
                return SignFlipTest.PValue([.. above.Zip(below, (a, b) => a / b)]) <= 0.05;
            }
        );

        Assert.IsInRange(0.03, 0.06, found);
    }
}
