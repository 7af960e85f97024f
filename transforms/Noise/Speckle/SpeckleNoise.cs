using System.ComponentModel.DataAnnotations;

namespace NoisyNN.Transforms.Noise.Speckle;

/// <summary>
/// Speckle, multiplicative Gaussian noise: Z' = Z + Z·ε, ε ~ N(0, sd²), independent for each element. An element of 0 stays 0.
/// </summary>
/// <param name="StandardDeviation">The standard deviation of ε, without a unit; finite, at least 0.</param>
/// <param name="Clip">The range that noisy values are limited to, such as <see cref="ValueRange.Pixels"/>; null for none.</param>
/// <exception cref="ArgumentOutOfRangeException">A value out of its range.</exception>
public sealed partial record SpeckleNoise([Range(0.0, float.MaxValue)] double StandardDeviation, ValueRange? Clip = null)
    : ClippableNoise(Clip)
{
    /// <inheritdoc/>
    public override string Name => "speckle";

    /// <summary>Standard deviation of ε, relative to the element's value.</summary>
    public double StandardDeviation
    {
        get;
        init => field = Require(value);
    } = Require(StandardDeviation);

    internal override NoiseKernel CreateKernel(ReadOnlySpan<int> dimensions) =>
        new ElementKernel<SpeckleKernel>(new((float)StandardDeviation), dimensions, Clip);

    static double Require(double value) =>
        Within<SpeckleNoise>(value, "Give a finite number of at least 0, such as 0.2.", nameof(StandardDeviation));
}
