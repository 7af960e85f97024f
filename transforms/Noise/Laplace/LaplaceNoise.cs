using System.ComponentModel.DataAnnotations;

namespace NoisyNN.Transforms.Noise.Laplace;

/// <summary>
/// Additive Laplace noise: Z' = Z + ε with density exp(-|ε|/b)/(2b), independent for each element. Its variance is 2b²; its tails are
/// heavier than a Gaussian's.
/// </summary>
/// <param name="Scale">b, in units of the signal (pixel columns are 0 to 255); finite, at least 0.</param>
/// <param name="Clip">The range that noisy values are limited to, such as <see cref="ValueRange.Pixels"/>; null for none.</param>
/// <exception cref="ArgumentOutOfRangeException">A value out of its range.</exception>
public sealed partial record LaplaceNoise([Range(0.0, float.MaxValue)] double Scale, ValueRange? Clip = null) : ClippableNoise(Clip)
{
    /// <inheritdoc/>
    public override string Name => "laplace";

    /// <summary>b, the mean absolute value, in units of the signal.</summary>
    public double Scale
    {
        get;
        init => field = Require(value);
    } = Require(Scale);

    internal override NoiseKernel CreateKernel(ReadOnlySpan<int> dimensions) =>
        new ElementKernel<LaplaceKernel>(new((float)Scale), dimensions, Clip);

    internal override bool IsLostInRounding(double step) => Scale > 0 && Math.Exp(-step / 2 / Scale) < 0.001;

    static double Require(double value) => Within<LaplaceNoise>(value, "Give a finite number of at least 0.", nameof(Scale));
}
