using System.ComponentModel.DataAnnotations;

namespace NoisyNN.Transforms.Noise.Poisson;

/// <summary>
/// Poisson (shot) noise of a photon count. An element of value v becomes white/λ times a Poisson count of mean λ·v/white, independent for
/// each element. The mean stays v and the variance is v·white/λ: fewer photons give more noise. Only pixels have counts, so use it on
/// image columns.
/// </summary>
/// <param name="Photons">λ, the expected count of a white element; above 0, at most 10⁶. At 10⁶ the noise of a white element is a
/// thousandth of its value.</param>
/// <param name="White">The value of a white element, in units of the signal; above 0.</param>
/// <param name="Clip">The range that noisy values are limited to, such as <see cref="ValueRange.Pixels"/>; null for none.</param>
/// <exception cref="ArgumentOutOfRangeException">A value out of its range.</exception>
public sealed partial record PoissonNoise(
    [Range(0.0, 1e6, MinimumIsExclusive = true)] double Photons,
    [Range(0.0, float.MaxValue, MinimumIsExclusive = true)] double White = 255,
    ValueRange? Clip = null
) : ClippableNoise(Clip)
{
    /// <inheritdoc/>
    public override string Name => "poisson";

    /// <summary>λ, the expected count of a white element.</summary>
    public double Photons
    {
        get;
        init => field = RequirePhotons(value);
    } = RequirePhotons(Photons);

    /// <summary>The value of a white element, in units of the signal.</summary>
    public double White
    {
        get;
        init => field = RequireWhite(value);
    } = RequireWhite(White);

    internal override NoiseKernel CreateKernel(ReadOnlySpan<int> dimensions) => new PoissonKernel(this, dimensions);

    internal override string? Misfit(ReadOnlySpan<int> dimensions) =>
        dimensions.Length == 3
            ? null
            : "Poisson noise counts the photons of pixels, so it needs rows of shape [channels, height, width], not "
                + $"[{string.Join(", ", dimensions.ToArray())}]. "
                + "Gaussian noise suits features.";

    static double RequirePhotons(double value) =>
        Within<PoissonNoise>(value, "Give a number above 0 and at most 1,000,000, such as 60.", nameof(Photons));

    // What is 0 as a Single cannot be divided by.
    static double RequireWhite(double value) =>
        Within<PoissonNoise>((float)value == 0 ? 0 : value, "Give a finite number above 0, such as 255.", nameof(White));
}
