namespace NoisyNN.Transforms.Statistics;

/// <summary>Which rows a classifier gets right in class-sorted and in shuffled orders, at one batch size.</summary>
/// <param name="Batch">Rows of a batch.</param>
/// <param name="Differences">
/// For each row, in class-sorted order: 1 if it is right in that order, else 0, minus the share of the shuffled orders in which it is right.
/// </param>
/// <param name="ShuffledAccuracies">The accuracy in each shuffled order.</param>
public sealed record OrderedOutcomes(int Batch, IReadOnlyList<double> Differences, IReadOnlyList<double> ShuffledAccuracies)
{
    /// <summary>Collects the outcomes of passes over the same rows.</summary>
    /// <param name="batch">Rows of a batch.</param>
    /// <param name="sortedOrder">The rows in class-sorted order.</param>
    /// <param name="sorted">By row: whether it is right in class-sorted order.</param>
    /// <param name="shuffled">The same for each shuffled order.</param>
    public static OrderedOutcomes Of(
        int batch,
        IReadOnlyList<int> sortedOrder,
        IReadOnlyList<bool> sorted,
        IReadOnlyList<IReadOnlyList<bool>> shuffled
    )
    {
        ArgumentNullException.ThrowIfNull(sortedOrder);
        ArgumentNullException.ThrowIfNull(sorted);
        ArgumentNullException.ThrowIfNull(shuffled);
        if (shuffled.Count == 0)
            throw new ArgumentException("There is no shuffled order to compare with.", nameof(shuffled));
        return new(
            batch,
            [.. sortedOrder.Select(row => (sorted[row] ? 1 : 0) - (double)shuffled.Count(pass => pass[row]) / shuffled.Count)],
            [.. shuffled.Select(pass => (double)pass.Count(isCorrect => isCorrect) / pass.Count)]
        );
    }

    /// <summary>
    /// The mean difference. The rows of a class-sorted batch share its fate, and so do those of a shuffled order.
    /// </summary>
    /// <returns>Null with a single shuffled order, or if too few batches differ.</returns>
    internal MeanEstimate? Estimate() => ClusteredMean.Of([.. Differences], Batch, ShuffledAccuracies);
}
