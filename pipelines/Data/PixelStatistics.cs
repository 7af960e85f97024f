namespace NoisyNN.Pipelines.Data;

/// <summary>Mean and standard deviation of pixels, for each channel, in 0..1 units.</summary>
sealed record PixelStatistics(double[] Mean, double[] StandardDeviation)
{
    /// <summary>
    /// Counts how often each byte value occurs, so that the result is exact and does not depend on the order of the rows.
    /// </summary>
    public static PixelStatistics Of(ImageSplit split)
    {
        var (channels, area) = (split.Table.Shape.Channels, split.Table.Shape.Area);
        var counts = new long[channels][];
        for (var channel = 0; channel < channels; channel++)
            counts[channel] = new long[256];

        foreach (var row in split.Rows)
        {
            var pixels = split.Table.PixelsOf(row);
            for (var channel = 0; channel < channels; channel++)
                foreach (var value in pixels.Slice(channel * area, area))
                    counts[channel][value]++;
        }

        var moments = counts.Select(Moments).ToList();
        return new PixelStatistics([.. moments.Select(moment => moment.Mean)], [.. moments.Select(moment => moment.StandardDeviation)]);
    }

    static (double Mean, double StandardDeviation) Moments(long[] counts)
    {
        double total = Math.Max(counts.Sum(), 1);
        var mean = counts.Select((count, value) => count * (value / 255.0)).Sum() / total;
        var variance = counts.Select((count, value) => count * Math.Pow(value / 255.0 - mean, 2)).Sum() / total;
        return (mean, Math.Sqrt(variance));
    }
}
