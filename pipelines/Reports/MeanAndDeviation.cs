namespace NoisyNN.Pipelines.Reports;

/// <summary>A figure over replicates.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardDeviation">The sample standard deviation, divisor n - 1: how far apart replicates lie, not how sure the mean
/// is.</param>
public sealed record MeanAndDeviation(double Mean, double StandardDeviation)
{
    /// <summary>Of at least two values.</summary>
    public static MeanAndDeviation Of(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, 2);
        var mean = values.Average();
        return new MeanAndDeviation(mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)));
    }
}
