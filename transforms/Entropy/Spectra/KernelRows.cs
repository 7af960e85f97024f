using NoisyNN.Transforms.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Spectra;

/// <summary>Scaled rows with their σ. Subsets keep the σ of the whole, so that their entropies can be compared.</summary>
sealed class KernelRows
{
    /// <summary>The number of rows among which the median distance and the neighbours are searched at once.</summary>
    const int Block = 2048;

    /// <summary>The sizes of numbers whose squares, and sums of squares, float64 holds.</summary>
    const double Smallest = 1e-150,
        Largest = 1e150;

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
        {
            RequireSquares(given, scaled);
            return new(scaled, given, null);
        }
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

    /// <summary>Affinities are computed from squares of σ and of distances.</summary>
    static void RequireSquares(double sigma, FeatureMatrix rows)
    {
        if (sigma < Smallest)
            throw new ArgumentException(
                $"σ is {sigma:0e+0}, and float64 has no square of so small a number; use z-scores or other units.",
                nameof(rows)
            );
        if (rows.Values.Max(Math.Abs) is var largest && largest > Largest)
            throw new ArgumentException(
                $"The rows have values of the size {largest:0e+0}, whose squares overflow float64; use z-scores or other units.",
                nameof(rows)
            );
    }

    /// <summary>
    /// The number of clusters with less than a tenth of the rows each, at least two. Rows within 3σ of each other are of one cluster. If
    /// there are many rows, a seeded sample is searched. 0 if the rows have no common σ.
    /// </summary>
    public int CountSmallClusters(int seed)
    {
        if (double.IsNaN(Sigma) || RowSigmas is not null)
            return 0;
        using var scope = NewDisposeScope();
        var sample = Count <= Block ? Features : Features.Select(new PythonRandom(seed).Sample(Count, Block));
        var squared = Distances.Squared(sample).data<double>().ToArray();
        var (count, reach) = (sample.RowCount, 9 * Sigma * Sigma);
        int[] cluster = [.. Enumerable.Repeat(-1, count)];
        var sizes = new List<int>();
        var open = new Stack<int>();
        for (var start = 0; start < count; start++)
        {
            if (cluster[start] >= 0)
                continue;
            sizes.Add(0);
            Join(start);
            while (open.TryPop(out var row))
            {
                for (var other = 0; other < count; other++)
                {
                    if (cluster[other] < 0 && squared[row * count + other] < reach)
                        Join(other);
                }
            }
        }
        return sizes.Count(size => size >= 2 && 10 * size < count);

        void Join(int row)
        {
            cluster[row] = sizes.Count - 1;
            sizes[^1]++;
            open.Push(row);
        }
    }

    /// <summary>Distances are computed from squares, which overflow for some values of float64.</summary>
    static void RequireSquares(FeatureMatrix rows)
    {
        var largest = rows.Values.Max(Math.Abs);
        if (largest > Largest || (largest > 0 && largest < Smallest))
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
