using System.Globalization;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Reports;

/// <summary>Writes the verdict on an effect, with what it rests on.</summary>
static class EffectText
{
    /// <summary>"helps", "no effect", "hurts" or "open".</summary>
    public static string Word(EffectVerdict verdict) =>
        verdict switch
        {
            EffectVerdict.Helps => "helps",
            EffectVerdict.NoEffect => "no effect",
            EffectVerdict.Hurts => "hurts",
            _ => "open",
        };

    /// <summary>
    /// "Verdict: open. 95 % interval -0.50 to +0.74 points, p 0.62, n 3. With 3 seeds, ..." Differences of accuracies are in points, those
    /// of bounds in nats.
    /// </summary>
    /// <param name="effect">The effect.</param>
    /// <param name="over">What the differences are of: seeds, folds.</param>
    /// <param name="isBound">Whether they are of bounds.</param>
    public static string Describe(Effect effect, string over, bool isBound)
    {
        var (unit, scale) = isBound ? ("nats", 1) : ("points", 100);
        if ((effect.Interval, effect.EquivalenceInterval) is not ({ } interval, { } equivalence))
            return effect.Count == 1
                ? $"Verdict: open. A single difference has no spread to judge by; give more {over}."
                : $"Verdict: open. The differences of {effect.Count} {over} are all equal, so there is no spread to judge by.";
        var signs = effect.SignFlipPValue is { } p ? $" (sign flips: {Probability(p)})" : "";
        var family = effect.FamilySize > 1 ? $", corrected for {effect.FamilySize} comparisons" : "";
        var ground =
            effect.Verdict is EffectVerdict.NoEffect
                ? $" The 90 % interval {Range(equivalence)} lies within the margin of ± {Figure(effect.Margin)} {unit}."
                : $" The margin is {Figure(effect.Margin)} {unit}.";
        return $"Verdict: {Word(effect.Verdict)}. 95 % interval {Range(interval)} {unit}{family}, p {Probability(effect.PValue!.Value)}{signs}, n "
            + $"{effect.Count}.{ground} As many {over} find a difference of {Figure(effect.SmallestDetectable!.Value)} {unit} in 80 of 100 "
            + "repetitions.";

        string Range(Interval range) => $"{Signed(range.Low)} to {Signed(range.High)}";

        string Signed(double value) => (scale * value).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

        string Figure(double value) => (scale * value).ToString("0.0#", CultureInfo.InvariantCulture);
    }

    /// <summary>"0.04" or "&lt; 0.001".</summary>
    public static string Probability(double p) => p < 0.001 ? "< 0.001" : p.ToString("G2", CultureInfo.InvariantCulture);
}
