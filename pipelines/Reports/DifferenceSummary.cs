using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Reports;

/// <summary>
/// What the second network is judged by minus the same of the first, the vanilla one. Both of a replicate share their split, seed and order
/// of rows, so that the difference is paired.
/// </summary>
/// <param name="Between">The two, as in "noisy minus vanilla".</param>
/// <param name="Each">For each replicate.</param>
/// <param name="Test">Over them.</param>
/// <param name="Effect">What may be said of it, with its interval, p-values and what could have been detected.</param>
/// <param name="Verdict">The same in words.</param>
public sealed record DifferenceSummary(string Between, IReadOnlyList<double> Each, MeanAndDeviation Test, Effect Effect, string Verdict)
{
    /// <summary>The margin of bounds: 0.3 nats.</summary>
    public const double BoundMargin = 0.3;

    /// <summary>
    /// The difference with noise off and, where all replicates have it, with the noise of training on. The two are judged as one family.
    /// None unless every replicate has both networks and their accuracies are properties of the images.
    /// </summary>
    /// <param name="replicates">The replicates, at least two.</param>
    /// <param name="over">What they differ in: <see cref="ReplicatedSummary.Seeds"/> or <see cref="ReplicatedSummary.Folds"/>.</param>
    public static IReadOnlyList<DifferenceSummary> Of(IReadOnlyList<ReplicateSummary> replicates, string over)
    {
        ArgumentNullException.ThrowIfNull(replicates);
        if (replicates.Any(replicate => replicate.Summary.Runs is not [{ BatchInvariant: true }, { BatchInvariant: true }]))
            return [];
        var pairs = replicates.Select(replicate => (First: replicate.Summary.Runs[0], Second: replicate.Summary.Runs[1])).ToList();
        var (first, second) = pairs[0];
        var isBound = first.Bound is not null;
        List<double[]> family =
        [
            [.. pairs.Select(pair => pair.Second.Test - pair.First.Test)],
        ];
        if (pairs.All(pair => pair.Second.TestAccuracyWithNoise is not null))
            family.Add([.. pairs.Select(pair => pair.Second.TestAccuracyWithNoise!.Value - pair.First.Test)]);

        var margin = isBound ? BoundMargin : Effect.AccuracyMargin;
        var effects = over == ReplicatedSummary.Folds ? Effect.JudgeFolds(family, margin) : Effect.JudgeFamily(family, margin);
        return
        [
            .. family.Zip(
                effects,
                (each, effect) =>
                    new DifferenceSummary(
                        $"{second.Name} minus {first.Name}",
                        each,
                        MeanAndDeviation.Of(each),
                        effect,
                        EffectText.Describe(effect, over, isBound)
                    )
            ),
        ];
    }
}
