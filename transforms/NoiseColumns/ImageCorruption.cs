using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Severity;

namespace NoisyNN.Transforms.NoiseColumns;

/// <summary>The noises of ImageNet-C by the names that its authors gave them; <see cref="ImageNetC"/> has their strengths.</summary>
public enum ImageCorruption
{
    /// <summary>"gaussian_noise".</summary>
    GaussianNoise,

    /// <summary>"shot_noise": Poisson.</summary>
    ShotNoise,

    /// <summary>"impulse_noise": salt and pepper.</summary>
    ImpulseNoise,

    /// <summary>"speckle_noise", one of the additional corruptions.</summary>
    SpeckleNoise,
}

/// <summary>Maps names to noises.</summary>
public static class ImageCorruptionExtensions
{
    /// <summary>The noise of a severity from 1 to 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An unknown corruption or severity.</exception>
    public static NoiseDefinition At(this ImageCorruption corruption, int severity) =>
        corruption switch
        {
            ImageCorruption.GaussianNoise => ImageNetC.Gaussian(severity),
            ImageCorruption.ShotNoise => ImageNetC.Shot(severity),
            ImageCorruption.ImpulseNoise => ImageNetC.Impulse(severity),
            ImageCorruption.SpeckleNoise => ImageNetC.Speckle(severity),
            _ => throw new ArgumentOutOfRangeException(
                nameof(corruption),
                corruption,
                $"Give one of {string.Join(", ", Enum.GetNames<ImageCorruption>())}."
            ),
        };
}
