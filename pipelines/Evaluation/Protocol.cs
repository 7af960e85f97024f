using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;

namespace NoisyNN.Pipelines.Evaluation;

/// <summary>
/// The evaluation that cannot be fooled by what else is in the batch: noise off; noise on in class-sorted and shuffled order at several
/// batch sizes; the leak index; batch invariance.
/// </summary>
/// <remarks>
/// Mixing rows of a batch at inference turns class-sorted test batches into ensembles over images that are known to share a label. A method
/// that gains only there has read the labels off the order. All figures are sums of correct rows over sums of rows.
/// </remarks>
public static class Protocol
{
    /// <summary>Runs the protocol.</summary>
    /// <param name="clean">The classifier without noise.</param>
    /// <param name="noisy">The same classifier with noise at inference.</param>
    /// <param name="rows">The test rows.</param>
    /// <param name="noiseName">What to call the noise.</param>
    /// <param name="options">Batch sizes, orders, tolerances.</param>
    /// <exception cref="ArgumentException">The classifiers and the rows do not fit together, or an option is out of range.</exception>
    public static ProtocolResult Run(
        IBatchClassifier clean,
        IBatchClassifier noisy,
        RowStore rows,
        string noiseName,
        ProtocolOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(clean);
        ArgumentNullException.ThrowIfNull(noisy);
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new ProtocolOptions();
        ThrowIfUnfit(clean, noisy, rows, noiseName, options);

        return new ProtocolRun(clean, noisy, rows, noiseName, options).Judge();
    }

    /// <summary>
    /// Asks whether a classifier looks at one row at a time: scores some rows alone and together, and compares the logits.
    /// </summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="rows">The rows, of which <see cref="ProtocolOptions.InvarianceRowCount"/> are taken.</param>
    /// <param name="options">How many rows, the tolerance.</param>
    /// <exception cref="ArgumentException">The classifier and the rows do not fit together, or an option is out of range.</exception>
    public static BatchInvariance CheckInvariance(IBatchClassifier classifier, RowStore rows, ProtocolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new ProtocolOptions();
        ThrowIfUnfit(classifier, classifier, rows, "any", options);

        return new ProtocolRun(classifier, classifier, rows, "any", options).CheckInvariance();
    }

    /// <summary>Rows ordered by class; those of one class stay in their order.</summary>
    public static int[] SortedOrder(RowStore rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return [.. Enumerable.Range(0, rows.Count).OrderBy(rows.ClassOf)];
    }

    /// <summary>Rows in a random order that the seed alone decides.</summary>
    public static int[] ShuffledOrder(int count, int seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new Random(seed).Shuffle(order);
        return order;
    }

    static void ThrowIfUnfit(IBatchClassifier clean, IBatchClassifier noisy, RowStore rows, string noiseName, ProtocolOptions options)
    {
        if (string.IsNullOrWhiteSpace(noiseName) || noiseName == ProtocolResult.NoNoise)
            throw new ArgumentException($"The noise needs a name other than \"{ProtocolResult.NoNoise}\".", nameof(noiseName));
        if (clean.ClassCount != noisy.ClassCount || clean.InputLength != noisy.InputLength)
            throw new ArgumentException(
                "The classifiers with and without noise take or give different shapes: they are not the same network.",
                nameof(noisy)
            );
        var (lowest, highest) = (int.MaxValue, int.MinValue);
        for (var row = 0; row < rows.Count; row++)
            (lowest, highest) = (Math.Min(lowest, rows.ClassOf(row)), Math.Max(highest, rows.ClassOf(row)));
        if (highest >= clean.ClassCount || lowest < 0)
            throw new ArgumentException(
                $"The rows have labels from {lowest} to {highest}; the classifier has {clean.ClassCount} classes.",
                nameof(rows)
            );
        if (options.BatchSizes.Append(options.CleanBatchSize).Any(size => size < 1))
            throw new ArgumentException("Batch sizes are at least 1.", nameof(options));
        if (options.ShuffleCount < 1 || options.InvarianceRowCount < 1)
            throw new ArgumentException("At least one shuffled order and one row to check invariance on are needed.", nameof(options));
    }
}
