namespace NoisyNN.Transforms.Entropy;

/// <summary>Equal-width bins between the smallest and the largest value, as numpy's linspace and digitize make them.</summary>
static class EqualWidthBins
{
    /// <summary>The bin of each value, from 1 to the number of bins; the largest value is in the last one.</summary>
    public static int[] Of(ReadOnlySpan<double> values, int bins)
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
            // For a constant column, 0/0 is NaN, which sorts behind all edges.
            var place = Array.BinarySearch(edges, (values[i] - low) / (high - low) is var share && double.IsNaN(share) ? 1 : share);
            binned[i] = place >= 0 ? place + 1 : ~place;
        }
        return binned;
    }
}
