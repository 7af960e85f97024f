using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Entropy.Spectra;

/// <summary>Shannon's entropy of rows whose columns are divided into bins.</summary>
static class ClassicShannon
{
    /// <summary>The joint entropy of the rows' bins, in bits. A constant column has one bin.</summary>
    public static double Entropy(FeatureMatrix rows, int bins) => Entropy(Codes(rows, bins));

    /// <summary>The entropy of rows of bins, in bits.</summary>
    public static double Entropy(IReadOnlyList<int[]> codes)
    {
        var counts = codes.GroupBy(code => code, RowComparer.Instance).Select(group => (double)group.Count());
        return SpectralDistribution.Entropy([.. counts]);
    }

    /// <summary>The bins of each row, one for each column.</summary>
    public static IReadOnlyList<int[]> Codes(FeatureMatrix rows, int bins)
    {
        var codes = new int[rows.RowCount][];
        for (var row = 0; row < codes.Length; row++)
            codes[row] = new int[rows.Dimension];
        var values = new double[rows.RowCount];
        for (var column = 0; column < rows.Dimension; column++)
        {
            for (var row = 0; row < values.Length; row++)
                values[row] = rows[row][column];
            var binned = EqualWidthBins.Of(values, bins);
            for (var row = 0; row < values.Length; row++)
                codes[row][column] = binned[row];
        }
        return codes;
    }

    sealed class RowComparer : IEqualityComparer<int[]>
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
