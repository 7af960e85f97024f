namespace NoisyNN.Transforms.Statistics;

/// <summary>A range that covers the true value in a stated share of repetitions: 95 of 100 where nothing else is said.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The 97.5 % point of the normal distribution.</summary>
    const double Z = 1.959963984540054;

    /// <summary>Whether a value lies inside.</summary>
    public bool Contains(double value) => Low <= value && value <= High;

    /// <summary>Wilson's score interval for a share (E. B. Wilson, JASA 22, 1927): right for small numbers and near 0 and 1 too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ correct ≤ total, or a total of 0.</exception>
    public static Interval OfShare(int correct, int total)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, total);
        var (n, share) = ((double)total, (double)correct / total);
        var centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n);
        var half = Z / (1 + Z * Z / n) * Math.Sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
        return new Interval(Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>
    /// The interval of the difference of two shares of the same rows, the second minus the first: Wald's with one row more in either cell
    /// in which they differ (Bonett and Price, Journal of Educational and Behavioral Statistics 37, 2012). It has a width where the two
    /// agree on every row too.
    /// </summary>
    /// <param name="gained">Rows that only the second gets right.</param>
    /// <param name="lost">Rows that only the first gets right.</param>
    /// <param name="total">All rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or there are fewer rows than differ, or none.</exception>
    public static Interval OfPairedShares(int gained, int lost, int total)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gained);
        ArgumentOutOfRangeException.ThrowIfNegative(lost);
        ArgumentOutOfRangeException.ThrowIfLessThan(total, Math.Max(1, gained + lost));
        var (n, up, down) = (total + 2.0, (gained + 1) / (total + 2.0), (lost + 1) / (total + 2.0));
        var half = Z * Math.Sqrt((up + down - (up - down) * (up - down)) / n);
        return new Interval(Math.Max(-1, up - down - half), Math.Min(1, up - down + half));
    }
}
