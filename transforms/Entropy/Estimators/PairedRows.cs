using NoisyNN.Transforms.Entropy.Spectra;

namespace NoisyNN.Transforms.Entropy.Estimators;

/// <summary>Rows X beside what they may tell about: classes, or rows Y of numbers. It is immutable.</summary>
public sealed class PairedRows
{
    PairedRows(FeatureMatrix features, RowClasses classes, FeatureMatrix? reference) =>
        (Features, Classes, Reference) = (features, classes, reference);

    /// <summary>X, [N, D].</summary>
    public FeatureMatrix Features { get; }

    /// <summary>The class of each row: the labels, or the classes that <see cref="Reference"/> is divided into.</summary>
    public RowClasses Classes { get; }

    /// <summary>Y, [N, E], if it is continuous; null for labels.</summary>
    public FeatureMatrix? Reference { get; }

    /// <summary>Rows with labels.</summary>
    /// <exception cref="ArgumentException">The numbers of rows differ.</exception>
    public static PairedRows Of(FeatureMatrix features, RowClasses labels)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        Require(features.RowCount, labels.Indexes.Count, nameof(labels));
        return new(features, labels, null);
    }

    /// <summary>
    /// Rows with a continuous reference. Estimators that need classes get bins of equal width if the reference is one number a row, and
    /// spectral clusters otherwise. Such classes hold at most as much information as the reference.
    /// </summary>
    /// <param name="features">X.</param>
    /// <param name="reference">Y.</param>
    /// <param name="classes">The number of bins or clusters.</param>
    /// <exception cref="ArgumentException">The numbers of rows differ, or there are not more rows than classes.</exception>
    public static PairedRows Of(FeatureMatrix features, FeatureMatrix reference, int classes = 10)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(reference);
        Require(features.RowCount, reference.RowCount, nameof(reference));
        return new(
            features,
            reference.Dimension == 1 ? RowClasses.Bins(reference.Values, classes) : SpectralClustering.Cluster(reference, classes),
            reference
        );
    }

    /// <summary>At most some number of the rows, drawn without replacement, with their labels or their reference.</summary>
    internal static PairedRows Sample(FeatureMatrix features, RowClasses? labels, FeatureMatrix? reference, int classes, int most, int seed)
    {
        Require(features.RowCount, labels?.Indexes.Count ?? reference!.RowCount, nameof(labels));
        if (features.RowCount > most)
        {
            var sample = new PythonRandom(seed).Sample(features.RowCount, most);
            (features, labels, reference) = (features.Select(sample), labels?.Select(sample), reference?.Select(sample));
        }
        return labels is null ? Of(features, reference!, classes) : Of(features, labels);
    }

    /// <summary>The same rows X, each beside the Y of another row, so that X tells nothing about Y.</summary>
    internal PairedRows Permute(int seed)
    {
        int[] order = [.. Enumerable.Range(0, Features.RowCount)];
        new Random(seed).Shuffle(order);
        return new(Features, Classes.Select(order), Reference?.Select(order));
    }

    /// <summary>Some of the rows.</summary>
    internal PairedRows Select(IReadOnlyList<int> rows) => new(Features.Select(rows), Classes.Select(rows), Reference?.Select(rows));

    static void Require(int rows, int others, string name)
    {
        if (rows != others)
            throw new ArgumentException($"{others} labels do not fit {rows} rows; give every row one.", name);
    }
}
