namespace NoisyNN.Transforms.Entropy.Analytic;

/// <summary>
/// The oracle approximating shrinkage estimator of a covariance (Chen, Wiesel, Eldar and Hero, IEEE Transactions on Signal Processing 58,
/// 2010).
/// </summary>
/// <remarks>
/// The estimator assumes Gaussian variables, as the closed forms do. It needs only the covariance of the rows and their number. Its target
/// is a multiple of the identity. A signal and a label have different units, so each block is first divided by its own mean variance.
/// </remarks>
public static class OracleApproximatingShrinkage
{
    /// <summary>Shrinks the joint covariance of a signal (the first coordinates) and a label.</summary>
    /// <param name="covariance">S, over the number of rows.</param>
    /// <param name="signalLength">Coordinates of the signal.</param>
    /// <param name="rowCount">n.</param>
    /// <param name="intensity">ρ; null for the estimate.</param>
    /// <returns>The shrunk covariance and ρ.</returns>
    internal static (double[,] Covariance, double Intensity) Shrink(
        double[,] covariance,
        int signalLength,
        long rowCount,
        double? intensity
    )
    {
        var size = covariance.GetLength(0);
        double Mean(int start, int end) => Enumerable.Range(start, end - start).Average(i => covariance[i, i]);
        var (signal, label) = (Mean(0, signalLength), Mean(signalLength, size));
        double Variance(int i) => i < signalLength ? signal : label;

        if (intensity is null)
        {
            var squares = 0.0;
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < size; j++)
                    squares += covariance[i, j] * covariance[i, j] / (Variance(i) * Variance(j));
            }
            intensity = Estimate(size, rowCount, size, squares);
        }

        var shrunk = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
                shrunk[i, j] =
                    (1 - intensity.Value) * (covariance[i, j] + covariance[j, i]) / 2 + (i == j ? intensity.Value * Variance(i) : 0);
        }
        return (shrunk, intensity.Value);
    }

    /// <summary>ρ for a p by p covariance of n rows.</summary>
    /// <param name="size">p.</param>
    /// <param name="rowCount">n.</param>
    /// <param name="trace">tr S.</param>
    /// <param name="traceOfSquare">tr S².</param>
    public static double Estimate(int size, long rowCount, double trace, double traceOfSquare)
    {
        double p = size;
        var numerator = (1 - 2 / p) * traceOfSquare + trace * trace;
        var denominator = (rowCount + 1 - 2 / p) * (traceOfSquare - trace * trace / p);
        return denominator <= numerator ? 1 : numerator / denominator;
    }
}
