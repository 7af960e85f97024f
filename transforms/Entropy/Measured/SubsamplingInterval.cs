using NoisyNN.Transforms.Entropy.Spectra;

namespace NoisyNN.Transforms.Entropy.Measured;

/// <summary>
/// An interval for the expected figure of the same number of new rows from the same source. The number matters, because a spectral entropy
/// grows with it. σ and the scaling stay those of the measurement.
/// </summary>
/// <remarks>
/// The method is subsampling without replacement (Politis and Romano, Annals of Statistics 22, 1994). With its correction for the finite
/// sample it is the delete-d jackknife of Shao and Wu (Annals of Statistics 17, 1989). The figures of b of the N rows spread by √((N-b)/b)
/// times the spread of the figure of N rows. A bootstrap would draw rows twice, which lowers every spectral entropy. b is nine tenths of N,
/// so that the change of the spread with the size matters little. With many rows b is 999, and the spread is assumed to fall with the root
/// of the size.
/// </remarks>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
/// <param name="Level">The nominal share of repetitions in which the interval covers the truth.</param>
/// <param name="SubsampleRows">b.</param>
/// <param name="Subsamples">The number of measured subsamples.</param>
public sealed record SubsamplingInterval(double Low, double High, double Level, int SubsampleRows, int Subsamples)
{
    /// <summary>The largest b. Larger subsamples gain less than their time is worth.</summary>
    const int MostRows = 999;

    /// <summary>The 97.5 % point of the normal distribution.</summary>
    const double Normal = 1.959963984540054;

    /// <summary>Whether a value lies inside.</summary>
    public bool Contains(double value) => Low <= value && value <= High;

    /// <param name="estimate">The figure of all rows.</param>
    /// <param name="count">N, at least 4.</param>
    /// <param name="figure">The figure of some of the rows.</param>
    /// <param name="subsamples">The number of draws.</param>
    /// <param name="seed">The seed of the draws.</param>
    internal static SubsamplingInterval Around(double estimate, int count, Func<int[], double> figure, int subsamples, int seed)
    {
        var size = Math.Min(count * 9 / 10, MostRows);
        var random = new PythonRandom(seed);
        var figures = Enumerable.Range(0, subsamples).Select(_ => figure(random.Sample(count, size))).ToArray();
        var mean = figures.Average();
        var deviation = Math.Sqrt(figures.Sum(value => (value - mean) * (value - mean)) / (subsamples - 1));
        // Student's quantile, because the spread is itself estimated (Cornish and Fisher's expansion).
        var quantile = Normal + (Normal * Normal * Normal + Normal) / (4 * (subsamples - 1));
        var half = quantile * deviation * Math.Sqrt((double)size / (count - size));
        return new(estimate - half, estimate + half, 0.95, size, subsamples);
    }

    /// <summary>"95 % interval 1.2000 to 1.3000"</summary>
    public override string ToString() => FormattableString.Invariant($"{100 * Level:0.#} % interval {Low:0.0000} to {High:0.0000}");
}
