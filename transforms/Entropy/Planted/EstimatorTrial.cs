using System.Diagnostics;
using NoisyNN.Transforms.Entropy.Estimators;

namespace NoisyNN.Transforms.Entropy.Planted;

/// <summary>The figures of one estimator over repetitions, in bits.</summary>
/// <param name="Estimator">Its name.</param>
/// <param name="Mean">The mean estimate on planted rows; the estimate of given rows.</param>
/// <param name="StandardDeviation">Of the estimates between repetitions; null for one figure.</param>
/// <param name="Bias">The mean less the truth; null if it is not known.</param>
/// <param name="Error">The root of the mean squared difference from the truth; null if it is not known.</param>
/// <param name="NullMean">The mean estimate after the labels were permuted, where the truth is 0; null on planted rows.</param>
/// <param name="NullDeviation">The standard deviation of the same.</param>
/// <param name="Seconds">The mean time of one estimate.</param>
sealed record EstimatorTrial(
    string Estimator,
    double Mean,
    double? StandardDeviation,
    double? Bias,
    double? Error,
    double? NullMean,
    double? NullDeviation,
    double Seconds
)
{
    /// <summary>New rows in each repetition, and the estimates beside the truth.</summary>
    /// <param name="estimator">The estimator.</param>
    /// <param name="draws">The rows of each repetition.</param>
    /// <param name="truth">I(X;Y) in bits.</param>
    /// <param name="seed">The seed of the first repetition.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public static EstimatorTrial OnTruth(
        InformationEstimator estimator,
        IReadOnlyList<PairedRows> draws,
        double truth,
        int seed,
        CancellationToken cancellation
    )
    {
        var (figures, seconds) = Run(estimator, draws, seed, cancellation);
        return new(
            estimator.Name,
            figures.Average(),
            Deviation(figures),
            figures.Average() - truth,
            Math.Sqrt(figures.Average(figure => (figure - truth) * (figure - truth))),
            null,
            null,
            seconds
        );
    }

    /// <summary>The estimate of given rows, and what the estimator says where the truth is 0.</summary>
    public static EstimatorTrial OnRows(
        InformationEstimator estimator,
        PairedRows rows,
        int repeats,
        int seed,
        CancellationToken cancellation
    )
    {
        var (own, seconds) = Run(estimator, [rows], seed, cancellation);
        var (permuted, _) = Run(
            estimator,
            [.. Enumerable.Range(0, repeats).Select(repeat => rows.Permute(unchecked(seed + repeat)))],
            seed,
            cancellation
        );
        return new(estimator.Name, own[0], null, null, null, permuted.Average(), Deviation(permuted), seconds);
    }

    static (double[] Figures, double Seconds) Run(
        InformationEstimator estimator,
        IReadOnlyList<PairedRows> draws,
        int seed,
        CancellationToken cancellation
    )
    {
        var start = Stopwatch.GetTimestamp();
        double[] figures = [.. draws.Select((rows, repeat) => estimator.Estimate(rows, unchecked(seed + repeat), cancellation))];
        return (figures, Stopwatch.GetElapsedTime(start).TotalSeconds / draws.Count);
    }

    static double? Deviation(double[] figures)
    {
        var mean = figures.Average();
        return figures.Length < 2 ? null : Math.Sqrt(figures.Sum(figure => (figure - mean) * (figure - mean)) / (figures.Length - 1));
    }
}
