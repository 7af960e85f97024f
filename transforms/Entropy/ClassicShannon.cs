using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Entropy;

/// <summary>Equal-width bins between the smallest and the largest value, as numpy's linspace and digitize draw them.</summary>
internal static class ClassicShannon
{
    /// <summary>The entropy, in bits, of the rows' bins taken together. A constant column has one bin.</summary>
    public static double Entropy(FeatureMatrix rows, int bins)
    {
        var codes = new int[rows.RowCount][];
        for (var row = 0; row < codes.Length; row++)
            codes[row] = new int[rows.Dimension];
        var values = new double[rows.RowCount];
        for (var column = 0; column < rows.Dimension; column++)
        {
            for (var row = 0; row < values.Length; row++)
                values[row] = rows[row][column];
            var binned = Bin(values, bins);
            for (var row = 0; row < values.Length; row++)
                codes[row][column] = binned[row];
        }
        var counts = codes.GroupBy(code => code, RowComparer.Instance).Select(group => (double)group.Count());
        return SpectralDistribution.Entropy([.. counts]);
    }

    /// <summary>The bin of each value, from 1 to the number of bins; the largest value is in the last one.</summary>
    public static int[] Bin(ReadOnlySpan<double> values, int bins)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        var edges = new double[bins];
        for (var i = 0; i < bins; i++)
            edges[i] = i * (1.0 / bins);
        var binned = new int[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // 0/0 of a constant column is NaN, which sorts behind all edges.
            var place = Array.BinarySearch(edges, (values[i] - low) / (high - low) is var share && double.IsNaN(share) ? 1 : share);
            binned[i] = place >= 0 ? place + 1 : ~place;
        }
        return binned;
    }

    private sealed class RowComparer : IEqualityComparer<int[]>
    {
        public static readonly RowComparer Instance = new();

        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] row)
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(row.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
