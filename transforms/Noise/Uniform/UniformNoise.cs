using System.ComponentModel.DataAnnotations;

namespace NoisyNN.Transforms.Noise.Uniform;

/// <summary>Additive uniform noise: Z' = Z + ε, ε uniform on [-h, h], independent for each element. Its variance is h²/3.</summary>
/// <param name="HalfWidth">h, in units of the signal (pixel columns are 0 to 255); finite, at least 0.</param>
/// <param name="Clip">The range that noisy values are limited to, such as <see cref="ValueRange.Pixels"/>; null for none.</param>
/// <exception cref="ArgumentOutOfRangeException">A value out of its range.</exception>
public sealed partial record UniformNoise([Range(0.0, float.MaxValue)] double HalfWidth, ValueRange? Clip = null) : ClippableNoise(Clip)
{
    /// <inheritdoc/>
    public override string Name => "uniform";

    /// <summary>h, half the width of the interval, in units of the signal.</summary>
    public double HalfWidth
    {
        get;
        init => field = Require(value);
    } = Require(HalfWidth);

    internal override NoiseKernel CreateKernel(ReadOnlySpan<int> dimensions) =>
        new ElementKernel<UniformKernel>(new((float)HalfWidth), dimensions, Clip);

    internal override bool IsLostInRounding(double step) => HalfWidth > 0 && HalfWidth < step / 2;

    static double Require(double value) => Within<UniformNoise>(value, "Give a finite number of at least 0.", nameof(HalfWidth));
}
