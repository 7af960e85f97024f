using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Poisson;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Speckle;

namespace NoisyNN.Transforms.Noise.Severity;

/// <summary>
/// The noises of ImageNet-C at its severities 1 to 5, for pixels of 0 to 255. Hendrycks and Dietterich, Benchmarking Neural Network
/// Robustness to Common Corruptions and Perturbations (ICLR 2019, arXiv 1903.12261). The parameters are those of the authors' published
/// code, which states them for pixels of 0 to 1.
/// </summary>
/// <remarks>
/// As in ImageNet-C, values are clipped to the pixel range. ImageNet-C is a set of 8-bit files, so it also drops the fraction of each
/// value. This class does not.
/// </remarks>
public static class ImageNetC
{
    const double White = 255;

    /// <summary>The lowest and the highest severity.</summary>
    public const int MinimumSeverity = 1,
        MaximumSeverity = 5;

    /// <summary>"gaussian_noise": standard deviation 0.08, 0.12, 0.18, 0.26, 0.38 of white.</summary>
    /// <param name="severity">From 1 to 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another severity.</exception>
    public static GaussianNoise Gaussian([Range(MinimumSeverity, MaximumSeverity)] int severity) =>
        new(White * Of([0.08, 0.12, 0.18, 0.26, 0.38], severity), Clip: ValueRange.Pixels);

    /// <summary>"shot_noise": Poisson counts with 60, 25, 12, 5, 3 photons for white.</summary>
    /// <param name="severity">From 1 to 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another severity.</exception>
    public static PoissonNoise Shot([Range(MinimumSeverity, MaximumSeverity)] int severity) =>
        new(Of([60, 25, 12, 5, 3], severity), White, ValueRange.Pixels);

    /// <summary>"impulse_noise": 0.03, 0.06, 0.09, 0.17, 0.27 of the elements become 0 or 255.</summary>
    /// <param name="severity">From 1 to 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another severity.</exception>
    public static SaltAndPepperNoise Impulse([Range(MinimumSeverity, MaximumSeverity)] int severity) =>
        new(Of([0.03, 0.06, 0.09, 0.17, 0.27], severity), ValueRange.Pixels);

    /// <summary>"speckle_noise", one of the additional corruptions: relative standard deviation 0.15, 0.2, 0.35, 0.45, 0.6.</summary>
    /// <param name="severity">From 1 to 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another severity.</exception>
    public static SpeckleNoise Speckle([Range(MinimumSeverity, MaximumSeverity)] int severity) =>
        new(Of([0.15, 0.2, 0.35, 0.45, 0.6], severity), ValueRange.Pixels);

    static double Of(ReadOnlySpan<double> scale, int severity, [CallerArgumentExpression(nameof(severity))] string name = "") =>
        severity is >= MinimumSeverity and <= MaximumSeverity
            ? scale[severity - 1]
            : throw new ArgumentOutOfRangeException(
                name,
                severity,
                $"Severity is {severity}. Give a whole number from {MinimumSeverity} to {MaximumSeverity}."
            );
}
