namespace NoisyNN.Transforms.Statistics;

/// <summary>
/// What the order of the test rows adds to accuracy at one batch size: accuracy in class-sorted order minus the mean accuracy in shuffled
/// orders. It is 0 for a classifier that looks at one row at a time.
/// </summary>
/// <param name="Batch">Rows of a batch.</param>
/// <param name="Value">The difference, a fraction.</param>
/// <param name="Interval">
/// The 95 % interval, clustered by batch and by shuffled order, and corrected by Holm for the batch sizes that were judged with it. Null if
/// too few batches differ for an interval that covers.
/// </param>
/// <param name="PValue">The corrected p-value that the true leak index is 0; null without an interval.</param>
public sealed record LeakIndex(int Batch, double Value, Interval? Interval, double? PValue)
{
    /// <summary>Whether the interval excludes 0.</summary>
    public bool IsShown => Interval is { } interval && !interval.Contains(0);

    /// <summary>Judges the batch sizes of one classifier as a family.</summary>
    /// <param name="orders">What each batch size gave.</param>
    /// <returns>The leak indexes, in the same order.</returns>
    public static IReadOnlyList<LeakIndex> JudgeFamily(IReadOnlyList<OrderedOutcomes> orders)
    {
        ArgumentNullException.ThrowIfNull(orders);
        MeanEstimate?[] estimates = [.. orders.Select(outcomes => outcomes.Estimate())];
        double[] pValues = [.. estimates.Select(estimate => estimate?.PValue ?? 1)];
        var (adjusted, confidences) = (Holm.Adjust(pValues), Holm.Confidences(pValues));
        return
        [
            .. orders.Select(
                (outcomes, index) =>
                    new LeakIndex(
                        outcomes.Batch,
                        outcomes.Differences.Average(),
                        estimates[index]?.Interval(confidences[index]),
                        estimates[index] is null ? null : adjusted[index]
                    )
            ),
        ];
    }
}
