using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Statistics;

[TestClass]
public sealed class EffectTests
{
    [TestMethod]
    public void Three_seeds_that_lose_40_points_are_found_to_hurt()
    {
        // Optimal mixing of pixel rows on Fashion-MNIST, seeds 1 to 3. The sign test called that 25 %.
        var effect = Effect.Judge([-0.577, -0.324, -0.350]);

        Assert.AreEqual(EffectVerdict.Hurts, effect.Verdict);
        Assert.AreEqual(-0.417, effect.Mean, 1e-3);
        // -0.417 ± 4.3027 · 0.1391 / √3
        Assert.AreEqual(-0.7625, effect.Interval!.Value.Low, 2e-3);
        Assert.AreEqual(0.035, effect.PValue!.Value, 0.002);
        Assert.IsNull(effect.SignFlipPValue);
    }

    [TestMethod]
    [DataRow(0.010, 0.001, EffectVerdict.Helps)]
    [DataRow(-0.010, 0.001, EffectVerdict.Hurts)]
    [DataRow(0.000, 0.001, EffectVerdict.NoEffect)]
    // Surely above 0, but too small to matter.
    [DataRow(0.001, 0.0005, EffectVerdict.NoEffect)]
    [DataRow(0.003, 0.01, EffectVerdict.Open)]
    // Surely above 0, below the margin, and not surely within it.
    [DataRow(0.0025, 0.002, EffectVerdict.Open)]
    public void The_rule_decides_by_interval_and_margin(double mean, double deviation, EffectVerdict verdict)
    {
        // Ten values with exactly this mean and standard deviation.
        double[] differences = [.. Enumerable.Range(0, 10).Select(i => mean + (i % 2 == 0 ? 1 : -1) * deviation * Math.Sqrt(0.9))];

        var effect = Effect.Judge(differences);

        Assert.AreEqual(verdict, effect.Verdict);
        // (2.2622 + 0.8834) / √10
        Assert.AreEqual(0.9947 * deviation, effect.SmallestDetectable!.Value, 1e-4 * deviation);
    }

    [TestMethod]
    public void A_family_of_noises_without_effect_yields_helps_or_hurts_in_at_most_5_of_100()
    {
        var found = Simulation.Share(
            1000,
            random =>
                Effect
                    .JudgeFamily([.. Enumerable.Range(0, 14).Select(_ => Simulation.Normal(random, 5, 0, 0.006))])
                    .Any(effect => effect.Verdict is EffectVerdict.Helps or EffectVerdict.Hurts)
        );

        Assert.IsInRange(0.0, 0.06, found);
    }

    [TestMethod]
    public void A_member_of_a_family_must_be_surer_than_a_single_effect()
    {
        double[] gains = [0.010, 0.004, 0.007, 0.012, 0.003];
        double[] nothing = [0.002, -0.003, 0.001, -0.001, 0.002];

        var (alone, family) = (Effect.Judge(gains), Effect.JudgeFamily([nothing, gains, nothing]));

        Assert.AreEqual(EffectVerdict.Helps, alone.Verdict);
        Assert.AreEqual(3, family[1].FamilySize);
        Assert.AreEqual(3 * alone.PValue!.Value, family[1].PValue!.Value, 1e-12);
        Assert.IsLessThan(alone.Interval!.Value.Low, family[1].Interval!.Value.Low);
        Assert.IsGreaterThan(alone.SmallestDetectable!.Value, family[1].SmallestDetectable!.Value);
    }

    [TestMethod]
    public void Equal_differences_and_a_single_one_leave_the_question_open()
    {
        Assert.AreEqual(EffectVerdict.Open, Effect.Judge([0.01, 0.01]).Verdict);
        Assert.AreEqual(EffectVerdict.Open, Effect.Judge([0.01]).Verdict);
        Assert.IsNull(Effect.Judge([0.01]).SmallestDetectable);
        Assert.ThrowsExactly<ArgumentException>(() => Effect.Judge([]));
    }

    [TestMethod]
    public void Folds_are_judged_more_carefully_than_seeds()
    {
        double[] differences = [0.006, 0.010, 0.004, 0.009, 0.007];

        var (seeds, folds) = (Effect.Judge(differences), Effect.JudgeFolds([differences])[0]);

        // √(1/5 + 1/4) against √(1/5)
        Assert.AreEqual(1.5, Width(folds) / Width(seeds), 1e-9);

        static double Width(Effect effect) => effect.Interval!.Value.High - effect.Interval.Value.Low;
    }
}
