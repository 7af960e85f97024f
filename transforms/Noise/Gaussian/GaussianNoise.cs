using System.ComponentModel.DataAnnotations;

namespace NoisyNN.Transforms.Noise.Gaussian;

/// <summary>Additive Gaussian noise: Z' = Z + ε, ε ~ N(mean, sd²), independent for each element.</summary>
/// <param name="StandardDeviation">In units of the signal (pixel columns are 0 to 255); finite, at least 0.</param>
/// <param name="Mean">In units of the signal; finite.</param>
/// <param name="Clip">The range that noisy values are limited to, such as <see cref="ValueRange.Pixels"/>; null for none.</param>
/// <exception cref="ArgumentOutOfRangeException">A value out of its range.</exception>
public sealed partial record GaussianNoise(
    [Range(0.0, float.MaxValue)] double StandardDeviation,
    [Range(float.MinValue, float.MaxValue)] double Mean = 0,
    ValueRange? Clip = null
) : ClippableNoise(Clip)
{
    /// <inheritdoc/>
    public override string Name => "gaussian";

    /// <summary>Standard deviation, in units of the signal.</summary>
    public double StandardDeviation
    {
        get;
        init => field = RequireStandardDeviation(value);
    } = RequireStandardDeviation(StandardDeviation);

    /// <summary>Mean, in units of the signal.</summary>
    public double Mean
    {
        get;
        init => field = RequireMean(value);
    } = RequireMean(Mean);

    internal override NoiseKernel CreateKernel(ReadOnlySpan<int> dimensions) =>
        new ElementKernel<GaussianKernel>(new((float)StandardDeviation, (float)Mean), dimensions, Clip);

    // The normal distribution has a thousandth of itself beyond 3.29 standard deviations.
    internal override bool IsLostInRounding(double step) => StandardDeviation > 0 && Math.Abs(Mean) + 3.29 * StandardDeviation < step / 2;

    static double RequireStandardDeviation(double value) =>
        Within<GaussianNoise>(value, "Give a finite number of at least 0.", nameof(StandardDeviation));

    static double RequireMean(double value) => Within<GaussianNoise>(value, "Give a finite number.", nameof(Mean));
}
