using MathNet.Numerics.Distributions;

namespace NoisyNN.Transforms.Statistics;

/// <summary>
/// A mean with its standard error, whose ratio follows Student's t. Figures have the unit of the values that were averaged.
/// </summary>
/// <param name="Value">The mean.</param>
/// <param name="StandardError">Its standard error, above 0.</param>
/// <param name="DegreesOfFreedom">The degrees of freedom of the standard error; not always an integer.</param>
public readonly record struct MeanEstimate(double Value, double StandardError, double DegreesOfFreedom)
{
    // What remains of a standard deviation that is 0 when values are rounded to doubles.
    const double Rounding = 1e-12;

    /// <summary>
    /// The two-sided p-value of the t-test that the true mean is 0: the probability of a ratio at least as large if it is.
    /// </summary>
    public double PValue => 2 * StudentT.CDF(0, 1, DegreesOfFreedom, -Math.Abs(Value / StandardError));

    /// <summary>The mean of independent values, such as paired differences over seeds (Student, Biometrika 6, 1908).</summary>
    /// <param name="values">The values.</param>
    /// <returns>Null if the spread cannot be estimated: fewer than two values, or all are equal.</returns>
    public static MeanEstimate? OfSample(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return OfSample(values, 1.0 / Math.Max(1, values.Count));
    }

    /// <summary>
    /// The mean over the folds of a cross-validation. Folds share training rows, so the variance of a single fold's value is divided by
    /// less than their number: it is multiplied by 1/k + 1/(k - 1), test rows over training rows being 1/(k - 1) (C. Nadeau and
    /// Y. Bengio, Machine Learning 52, 2003).
    /// </summary>
    /// <param name="values">One value for each of the k folds.</param>
    /// <returns>Null if the spread cannot be estimated: fewer than two folds, or all values are equal.</returns>
    public static MeanEstimate? OfFolds(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count < 2 ? null : OfSample(values, 1.0 / values.Count + 1.0 / (values.Count - 1));
    }

    /// <summary>The interval that covers the true mean with the given probability.</summary>
    /// <param name="confidence">The probability, between 0 and 1.</param>
    public Interval Interval(double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        var half = Quantile((1 + confidence) / 2) * StandardError;
        return new(Value - half, Value + half);
    }

    /// <summary>
    /// The p-value of the equivalence test: the larger of the two one-sided p-values that the true mean lies beyond an end of ± margin
    /// (D. J. Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15, 1987). It is at most 0.05 exactly if the 90 % interval
    /// lies within ± margin.
    /// </summary>
    /// <param name="margin">The largest difference that is no difference, above 0.</param>
    public double EquivalencePValue(double margin)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(margin, 0);
        return StudentT.CDF(0, 1, DegreesOfFreedom, (Math.Abs(Value) - margin) / StandardError);
    }

    /// <summary>
    /// The smallest true mean that a repetition of this size would find with the given power: (t for the confidence + t for the power) ×
    /// the standard error. It says what an open result could have missed.
    /// </summary>
    /// <param name="power">The probability to find it.</param>
    /// <param name="confidence">The confidence of the interval that must exclude 0.</param>
    public double SmallestDetectable(double power = 0.8, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(power, 0.5);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(power, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        return (Quantile((1 + confidence) / 2) + Quantile(power)) * StandardError;
    }

    static MeanEstimate? OfSample(IReadOnlyCollection<double> values, double share)
    {
        if (values.Any(value => !double.IsFinite(value)))
            throw new ArgumentException("A value is not finite, so that there is no mean to judge.", nameof(values));
        if (values.Count < 2)
            return null;
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
        return deviation <= Rounding * values.Max(Math.Abs) ? null : new(mean, deviation * Math.Sqrt(share), values.Count - 1);
    }

    double Quantile(double probability) => StudentT.InvCDF(0, 1, DegreesOfFreedom, probability);
}
