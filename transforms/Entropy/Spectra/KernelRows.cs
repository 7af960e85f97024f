using NoisyNN.Transforms.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Spectra;

/// <summary>Scaled rows with their σ. Subsets keep the σ of the whole, so that their entropies can be compared.</summary>
sealed class KernelRows
{
    /// <summary>The number of rows among which the median distance and the neighbours are searched at once.</summary>
    const int Block = 2048;

    KernelRows(FeatureMatrix features, double sigma, double[]? rowSigmas) => (Features, Sigma, RowSigmas) = (features, sigma, rowSigmas);

    public FeatureMatrix Features { get; }

    public int Count => Features.RowCount;

    /// <summary>σ; with an adaptive bandwidth, the median over the rows.</summary>
    public double Sigma { get; }

    /// <summary>σᵢ, with an adaptive bandwidth.</summary>
    public double[]? RowSigmas { get; }

    /// <summary>Scales the rows and finds σ.</summary>
    /// <exception cref="ArgumentException">The rule finds no positive σ.</exception>
    public static KernelRows Prepare(FeatureMatrix rows, EntropyOptions options)
    {
        Libtorch.Require();
        var scaled = rows.Scale(options.Scaling);
        var rule = options.Bandwidth;
        if (
            options.Mode == EntropyMode.NeighborAdjacency
            || (options.Mode != EntropyMode.ClassicShannon && rule.Sigma is null && rule != Bandwidth.RootDimension)
        )
            RequireSquares(scaled);
        if (options.Mode is EntropyMode.ClassicShannon or EntropyMode.NeighborAdjacency)
            return new(scaled, double.NaN, null);
        if (rule.Sigma is { } given)
            return new(scaled, given, null);
        if (rule == Bandwidth.RootDimension)
            return new(scaled, Math.Sqrt(scaled.Dimension), null);
        if (scaled.RowCount < 2)
            throw new ArgumentException(
                $"The bandwidth rule {rule.Rule} needs the distance between two rows, but there is one row; give σ.",
                nameof(rows)
            );
        if (rule.Neighbors is not { } neighbors)
            return new(scaled, MedianDistance(scaled, options.Seed), null);
        if (neighbors >= scaled.RowCount)
            throw new ArgumentException(
                $"{scaled.RowCount} rows have no {neighbors} neighbours each; give the adaptive bandwidth fewer.",
                nameof(rows)
            );
        var sigmas = NeighborDistances(scaled, neighbors);
        return new(scaled, Median([.. sigmas]), sigmas);
    }

    public KernelRows Select(IReadOnlyList<int> rows) =>
        new(Features.Select(rows), Sigma, RowSigmas is null ? null : [.. rows.Select(row => RowSigmas[row])]);

    /// <summary>Distances are computed from squares, which overflow for some values of float64.</summary>
    static void RequireSquares(FeatureMatrix rows)
    {
        var largest = rows.Values.Max(Math.Abs);
        if (largest is > 1e150 or (> 0 and < 1e-150))
            throw new ArgumentException(
                $"The rows have values of the size {largest:0e+0}, whose squares overflow float64; use z-scores or other units.",
                nameof(rows)
            );
    }

    /// <summary>The median over the pairs of different rows, or over a seeded sample if there are many.</summary>
    static double MedianDistance(FeatureMatrix rows, int seed)
    {
        using var scope = NewDisposeScope();
        var sample = rows.RowCount <= Block ? rows : rows.Select(new PythonRandom(seed).Sample(rows.RowCount, Block));
        var squared = Distances.Squared(sample).data<double>().ToArray();
        var count = sample.RowCount;
        var pairs = new double[(long)count * (count - 1) / 2];
        var next = 0;
        for (var i = 0; i < count; i++)
        {
            squared.AsSpan(i * count + i + 1, count - i - 1).CopyTo(pairs.AsSpan(next));
            next += count - i - 1;
        }
        var (low, high) = MiddlePair(pairs);
        var median = (Math.Sqrt(low) + Math.Sqrt(high)) / 2;
        return median > 0
            ? median
            : throw new ArgumentException(
                "More than half of the pairs of rows are equal, so the median distance is 0; give σ.",
                nameof(rows)
            );
    }

    /// <summary>
    /// The distances to the k-th nearest other row. If the nearest rows are duplicates, the distance to the nearest different row; 1 if
    /// there is none.
    /// </summary>
    static double[] NeighborDistances(FeatureMatrix rows, int neighbors)
    {
        using var scope = NewDisposeScope();
        var squared = Distances.Squared(rows);
        var nearest = squared.topk(neighbors + 1, dim: 1, largest: false).values.narrow(1, neighbors, 1).flatten().data<double>().ToArray();
        for (var row = 0; row < nearest.Length; row++)
        {
            if (nearest[row] > 0)
                continue;
            nearest[row] = 1;
            var others = squared[row].data<double>().ToArray().Where(distance => distance > 0);
            if (others.Any())
                nearest[row] = others.Min();
        }
        return [.. nearest.Select(Math.Sqrt)];
    }

    static double Median(double[] values)
    {
        var (low, high) = MiddlePair(values);
        return (low + high) / 2;
    }

    static (double, double) MiddlePair(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2], values[values.Length / 2]);
    }
}
