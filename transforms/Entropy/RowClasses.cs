using System.Globalization;

namespace NoisyNN.Transforms.Entropy;

/// <summary>The class of each row, and the origin of the classes.</summary>
public sealed class RowClasses
{
    RowClasses(int[] indexes, IReadOnlyList<string> names, string origin) => (Indexes, Names, Origin) = (indexes, names, origin);

    /// <summary>The class of each row, an index of <see cref="Names"/>.</summary>
    public IReadOnlyList<int> Indexes { get; }

    /// <summary>The classes' names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The origin of the classes in words: "labels", or bins or clusters of a continuous reference.</summary>
    public string Origin { get; }

    /// <summary>Classes as given, one text per row, in ordinal order of their names.</summary>
    /// <exception cref="ArgumentException">There is no row.</exception>
    public static RowClasses Of(IEnumerable<string> labels) => Group(labels, StringComparer.Ordinal, label => label, "labels");

    /// <summary>Classes as given, one number per row.</summary>
    /// <exception cref="ArgumentException">There is no row.</exception>
    public static RowClasses Of(IEnumerable<long> labels) =>
        Group(labels, Comparer<long>.Default, label => label.ToString(CultureInfo.InvariantCulture), "labels");

    /// <summary>
    /// Classes of numbers that may be labels or measurements. Whole numbers with at most half as many distinct values as rows are labels.
    /// Other numbers are divided into bins of equal width from the smallest to the largest, as the reference does with all floating-point
    /// numbers.
    /// </summary>
    /// <param name="values">One number per row.</param>
    /// <param name="bins">The number of bins, if the numbers are divided into bins.</param>
    /// <exception cref="ArgumentException">There is no row, or a value is NaN or infinite.</exception>
    public static RowClasses Of(IReadOnlyList<double> values, int bins = 10)
    {
        ArgumentNullException.ThrowIfNull(values);
        for (var row = 0; row < values.Count; row++)
        {
            if (!double.IsFinite(values[row]))
                throw new ArgumentException(
                    $"The label of row {row} is {values[row]}; give every row one, or leave such rows out.",
                    nameof(values)
                );
        }
        var distinct = values.Distinct().Count();
        return values.All(value => value == Math.Floor(value) && Math.Abs(value) < 1L << 53) && distinct <= Math.Max(2, values.Count / 2)
            ? Of(values.Select(value => (long)value))
            : Bins(values, bins);
    }

    /// <summary>Bins of equal width, as the reference divides floating-point numbers.</summary>
    public static RowClasses Bins(IReadOnlyList<double> values, int bins)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        double[] all = [.. values];
        var origin = string.Create(
            CultureInfo.InvariantCulture,
            $"{bins} bins of equal width from {all.DefaultIfEmpty().Min():R} to {all.DefaultIfEmpty().Max():R}, as the labels "
                + $"are continuous ({all.Distinct().Count()} distinct numbers)"
        );
        return Group(EqualWidthBins.Of(all, bins), Comparer<int>.Default, bin => $"bin {bin}", origin);
    }

    /// <summary>Classes from another source, such as a clustering that is computed once and used for many columns.</summary>
    /// <param name="clusters">The cluster of each row.</param>
    /// <param name="origin">Their origin, for the report.</param>
    public static RowClasses Precomputed(IEnumerable<int> clusters, string origin) =>
        Group(clusters, Comparer<int>.Default, cluster => $"cluster {cluster}", origin);

    /// <summary>The classes of some of the rows.</summary>
    internal RowClasses Select(IReadOnlyList<int> rows) => new([.. rows.Select(row => Indexes[row])], Names, Origin);

    static RowClasses Group<T>(IEnumerable<T> labels, IComparer<T> order, Func<T, string> name, string origin)
        where T : notnull
    {
        T[] all = [.. labels];
        if (all.Length == 0)
            throw new ArgumentException("There is no label.", nameof(labels));
        T[] distinct = [.. all.Distinct().Order(order)];
        var index = distinct.Select((label, i) => (label, i)).ToDictionary(pair => pair.label, pair => pair.i);
        return new([.. all.Select(label => index[label])], [.. distinct.Select(name)], origin);
    }
}
