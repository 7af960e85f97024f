using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Statistics;

[TestClass]
public sealed class HolmTests
{
    [TestMethod]
    public void Corrected_p_values_are_those_of_R()
    {
        // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
        double[] expected = [0.03, 0.06, 0.06, 0.02];

        var adjusted = Holm.Adjust([0.01, 0.04, 0.03, 0.005]);

        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], adjusted[i], 1e-12);
    }

    [TestMethod]
    public void In_95_of_100_families_without_an_effect_nothing_is_found()
    {
        var (uncorrected, corrected) = (0, 0);
        foreach (var seed in Enumerable.Range(1, 2000))
        {
            var random = new Random(seed);
            double[] pValues =
            [
                .. Enumerable.Range(0, 14).Select(_ => MeanEstimate.OfSample(Simulation.Normal(random, 5, 0, 1))!.Value.PValue),
            ];
            uncorrected += pValues.Min() < 0.05 ? 1 : 0;
            corrected += Holm.Adjust(pValues).Min() < 0.05 ? 1 : 0;
        }

        Assert.IsInRange(0.035, 0.06, corrected / 2000.0);
        // 1 - 0.95^14 = 0.51
        Assert.IsGreaterThan(0.45, uncorrected / 2000.0);
    }

    [TestMethod]
    public void An_interval_excludes_0_exactly_where_the_corrected_p_value_is_below_5_percent()
    {
        var found = 0;
        foreach (var seed in Enumerable.Range(1, 300))
        {
            var random = new Random(seed);
            MeanEstimate[] family =
            [
                .. Enumerable.Range(0, 4).Select(member => MeanEstimate.OfSample(Simulation.Normal(random, 6, 0.5 * member, 1))!.Value),
            ];
            double[] pValues = [.. family.Select(member => member.PValue)];
            var (adjusted, confidences) = (Holm.Adjust(pValues), Holm.Confidences(pValues));
            for (var i = 0; i < family.Length; i++)
            {
                Assert.AreEqual(adjusted[i] < 0.05, !family[i].Interval(confidences[i]).Contains(0));
                found += adjusted[i] < 0.05 ? 1 : 0;
            }
        }
        Assert.IsInRange(200, 1000, found);
    }

    [TestMethod]
    public void Corrected_intervals_cover_at_least_95_of_100()
    {
        var covered = 0;
        foreach (var seed in Enumerable.Range(1, 1000))
        {
            var random = new Random(seed);
            MeanEstimate[] family =
            [
                .. Enumerable.Range(0, 5).Select(member => MeanEstimate.OfSample(Simulation.Normal(random, 10, 0.2 * member, 0.3))!.Value),
            ];
            var confidences = Holm.Confidences([.. family.Select(member => member.PValue)]);
            covered += Enumerable.Range(0, 5).Count(member => family[member].Interval(confidences[member]).Contains(0.2 * member));
        }

        Assert.IsInRange(0.945, 0.99, covered / 5000.0);
    }

    [TestMethod]
    public void What_is_no_probability_is_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Holm.Adjust([0.2, 1.1]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Holm.Adjust([double.NaN]));
    }
}
