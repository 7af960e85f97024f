namespace NoisyNN.Transforms.Statistics;

/// <summary>
/// The mean of rows that come in clusters, such as the rows of a batch, which share what happens to it. Clusters are independent; rows
/// of one cluster are not.
/// </summary>
/// <remarks>
/// The variance is that of a ratio of sums over clusters (W. G. Cochran, Sampling Techniques, 1977, chapter 9), and t has as many
/// degrees of freedom as there are clusters, less one. With few clusters, or few that differ from the others, the interval would cover
/// less than it says. Then there is none.
/// </remarks>
public static class ClusteredMean
{
    /// <summary>
    /// The clusters that must lie on either side of the mean. With fewer, as when 1 batch of 30 fails, the mean is skewed and t does not
    /// describe it. It is the rule of five for the normal approximation of a share.
    /// </summary>
    public const int LeastOnEitherSide = 5;

    /// <summary>The mean of rows in clusters of one size.</summary>
    /// <param name="rows">The values; rows of a cluster follow each other.</param>
    /// <param name="clusterSize">Rows of a cluster; the last one may have fewer.</param>
    /// <returns>Null if fewer than <see cref="LeastOnEitherSide"/> clusters lie on either side of the mean.</returns>
    public static MeanEstimate? Of(ReadOnlySpan<double> rows, int clusterSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clusterSize, 1);
        if (rows.IsEmpty)
            throw new ArgumentException("There is no row to average.", nameof(rows));
        var mean = Mean(rows);
        var (clusters, squares, above, below) = (0, 0.0, 0, 0);
        for (var start = 0; start < rows.Length; start += clusterSize)
        {
            var residual = 0.0;
            foreach (var value in rows.Slice(start, Math.Min(clusterSize, rows.Length - start)))
                residual += value - mean;
            clusters++;
            squares += residual * residual;
            // Not the sign of a rounding error.
            if (Math.Abs(residual) > 1e-9 * clusterSize)
                _ = residual > 0 ? above++ : below++;
        }
        if (Math.Min(above, below) < LeastOnEitherSide)
            return null;
        return new(mean, Math.Sqrt(squares * clusters / (clusters - 1)) / rows.Length, clusters - 1);
    }

    /// <summary>
    /// The mean of rows in clusters whose values are averages over several random orders: the orders add a variance of their own. The
    /// degrees of freedom are Satterthwaite's (Biometrics Bulletin 2, 1946).
    /// </summary>
    /// <param name="rows">The values, averaged over the orders; rows of a cluster follow each other.</param>
    /// <param name="clusterSize">Rows of a cluster; the last one may have fewer.</param>
    /// <param name="orders">The mean over all rows in each of the orders.</param>
    /// <returns>Null if there are fewer than two orders, or too few clusters lie on either side of the mean.</returns>
    public static MeanEstimate? Of(ReadOnlySpan<double> rows, int clusterSize, IReadOnlyList<double> orders)
    {
        ArgumentNullException.ThrowIfNull(orders);
        if (orders.Count < 2 || Of(rows, clusterSize) is not { } clustered)
            return null;
        var between = MeanEstimate.OfSample(orders) is { } spread ? spread.StandardError * spread.StandardError : 0;
        var within = clustered.StandardError * clustered.StandardError;
        var freedom =
            (within + between)
            * (within + between)
            / (within * within / clustered.DegreesOfFreedom + between * between / (orders.Count - 1));
        return new(clustered.Value, Math.Sqrt(within + between), freedom);
    }

    static double Mean(ReadOnlySpan<double> rows)
    {
        var sum = 0.0;
        foreach (var value in rows)
            sum += value;
        return sum / rows.Length;
    }
}
