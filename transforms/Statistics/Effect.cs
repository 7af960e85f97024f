namespace NoisyNN.Transforms.Statistics;

/// <summary>
/// What a change does, judged by paired differences such as "accuracy with noise minus accuracy without, same seed". All figures have
/// the unit of the differences; accuracies are fractions.
/// </summary>
/// <remarks>
/// The rule, with the mean difference d: it <b>helps</b> if the 95 % interval, corrected for the family by Holm, lies above 0 and d is at
/// least the margin; it has <b>no effect</b> if the 90 % interval lies within ± margin, which is the equivalence test at 5 %; it
/// <b>hurts</b> if the corrected interval lies below 0 and d is at most -margin; otherwise the question is <b>open</b>.
/// </remarks>
public sealed record Effect
{
    /// <summary>The margin of accuracies: 0.3 percentage points.</summary>
    public const double AccuracyMargin = 0.003;

    const double Confidence = 0.95;

    /// <summary>The number of paired differences.</summary>
    public required int Count { get; init; }

    /// <summary>Their mean.</summary>
    public required double Mean { get; init; }

    /// <summary>The 95 % t-interval of the mean, corrected for the family; null if the spread cannot be estimated.</summary>
    public Interval? Interval { get; init; }

    /// <summary>The 90 % t-interval of the mean, which the equivalence test asks; null if the spread cannot be estimated.</summary>
    public Interval? EquivalenceInterval { get; init; }

    /// <summary>The p-value of the paired t-test, corrected for the family; null if the spread cannot be estimated.</summary>
    public double? PValue { get; init; }

    /// <summary>
    /// The p-value of the sign-flip test, not corrected; null below 6 differences, and for folds, whose signs are not independent.
    /// </summary>
    public double? SignFlipPValue { get; init; }

    /// <summary>
    /// The smallest true difference that as many pairs would find with a power of 80 %; null if the spread cannot be estimated.
    /// </summary>
    public double? SmallestDetectable { get; init; }

    /// <summary>The largest difference that counts as none.</summary>
    public required double Margin { get; init; }

    /// <summary>How many effects were judged together; 1 for a single one.</summary>
    public int FamilySize { get; init; } = 1;

    /// <summary>What may be said.</summary>
    public EffectVerdict Verdict =>
        (Interval, EquivalenceInterval) is not ({ } interval, { } equivalence) ? EffectVerdict.Open
        : interval.Low > 0 && Mean >= Margin ? EffectVerdict.Helps
        : interval.High < 0 && Mean <= -Margin ? EffectVerdict.Hurts
        : -Margin <= equivalence.Low && equivalence.High <= Margin ? EffectVerdict.NoEffect
        : EffectVerdict.Open;

    /// <summary>Judges a single change.</summary>
    /// <param name="differences">The paired differences, at least one; independent, such as over seeds.</param>
    /// <param name="margin">The largest difference that counts as none.</param>
    public static Effect Judge(IReadOnlyList<double> differences, double margin = AccuracyMargin) => JudgeFamily([differences], margin)[0];

    /// <summary>
    /// Judges several changes together, such as noises that are each compared with the vanilla network: the more there are, the surer
    /// each must be.
    /// </summary>
    /// <param name="family">The paired differences of each change, at least one; independent, such as over seeds.</param>
    /// <param name="margin">The largest difference that counts as none.</param>
    /// <returns>The effects, in the order of the family.</returns>
    public static IReadOnlyList<Effect> JudgeFamily(IReadOnlyList<IReadOnlyList<double>> family, double margin = AccuracyMargin)
    {
        ArgumentNullException.ThrowIfNull(family);
        return Judge(family, margin, MeanEstimate.OfSample, SignFlipTest.PValue);
    }

    /// <summary>Judges changes over the folds of a cross-validation, which share training rows.</summary>
    /// <param name="family">The paired difference of each fold, for each change.</param>
    /// <param name="margin">The largest difference that counts as none.</param>
    /// <returns>The effects, in the order of the family.</returns>
    public static IReadOnlyList<Effect> JudgeFolds(IReadOnlyList<IReadOnlyList<double>> family, double margin = AccuracyMargin)
    {
        ArgumentNullException.ThrowIfNull(family);
        return Judge(family, margin, MeanEstimate.OfFolds, static _ => null);
    }

    static Effect[] Judge(
        IReadOnlyList<IReadOnlyList<double>> family,
        double margin,
        Func<IReadOnlyList<double>, MeanEstimate?> estimate,
        Func<IReadOnlyList<double>, double?> signFlip
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(margin, 0);
        if (family.Any(differences => differences is null or []))
            throw new ArgumentException("There is no difference to judge.", nameof(family));
        MeanEstimate?[] estimates = [.. family.Select(estimate)];
        // A member without an estimate is still one of the family: it counts as not found.
        double[] pValues = [.. estimates.Select(member => member?.PValue ?? 1)];
        var (adjusted, confidences) = (Holm.Adjust(pValues), Holm.Confidences(pValues, Confidence));
        return
        [
            .. family.Select(
                (differences, index) =>
                    new Effect
                    {
                        Count = differences.Count,
                        Mean = differences.Average(),
                        Interval = estimates[index]?.Interval(confidences[index]),
                        EquivalenceInterval = estimates[index]?.Interval(0.90),
                        PValue = estimates[index] is null ? null : adjusted[index],
                        SignFlipPValue = signFlip(differences),
                        SmallestDetectable = estimates[index]?.SmallestDetectable(confidence: 1 - (1 - Confidence) / family.Count),
                        Margin = margin,
                        FamilySize = family.Count,
                    }
            ),
        ];
    }
}
