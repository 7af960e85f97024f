namespace NoisyNN.Transforms.Statistics;

/// <summary>
/// Holm's correction for a family of tests: in 95 of 100 families without any effect, no effect is found (S. Holm, Scandinavian Journal
/// of Statistics 6, 1979). It assumes nothing about how the tests depend on each other.
/// </summary>
public static class Holm
{
    /// <summary>The corrected p-values, in the order of the family; one of at most 0.05 is found at 5 %.</summary>
    /// <param name="pValues">The p-values of the family.</param>
    /// <exception cref="ArgumentOutOfRangeException">A p-value is not between 0 and 1.</exception>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        if (pValues.Any(p => p is not (>= 0 and <= 1)))
            throw new ArgumentOutOfRangeException(nameof(pValues), "A p-value is not between 0 and 1.");
        var adjusted = new double[pValues.Count];
        var largest = 0.0;
        foreach (var (rank, index) in Ranks(pValues))
            adjusted[index] = largest = Math.Max(largest, Math.Min(1, (pValues.Count - rank) * pValues[index]));
        return adjusted;
    }

    /// <summary>
    /// The confidence of the interval of each member, in the order of the family, with which an interval excludes 0 exactly if its
    /// corrected p-value is below 1 - confidence. The least sure members get the plain confidence at most, so the family's guarantee is
    /// that no interval excludes 0 wrongly, not that all of them cover at once.
    /// </summary>
    /// <param name="pValues">The p-values of the family.</param>
    /// <param name="confidence">The confidence of the family.</param>
    public static double[] Confidences(IReadOnlyList<double> pValues, double confidence = 0.95)
    {
        var adjusted = Adjust(pValues);
        var confidences = new double[adjusted.Length];
        var (level, isStopped) = (confidence, false);
        foreach (var (rank, index) in Ranks(pValues))
        {
            // Holm stops at the first member that is not found; those after it must not exclude 0 either.
            if (!isStopped)
                level = 1 - (1 - confidence) / (adjusted.Length - rank);
            isStopped |= adjusted[index] > 1 - confidence;
            confidences[index] = level;
        }
        return confidences;
    }

    static IEnumerable<(int Rank, int Index)> Ranks(IReadOnlyList<double> pValues) =>
        Enumerable.Range(0, pValues.Count).OrderBy(index => pValues[index]).Select((index, rank) => (rank, index));
}
