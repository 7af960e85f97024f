using System.Globalization;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;

namespace NoisyNN.Transforms.Entropy.Advice;

/// <summary>Noises to compare on a column of which only the shape and the scale are known.</summary>
public static class NoiseCandidates
{
    /// <summary>Element noises at strengths relative to the column's scale, and each mixing that the shape and the batch allow.</summary>
    /// <param name="dimensions">Shape of one row.</param>
    /// <param name="scale">The typical deviation of an element from its mean over the rows, in the column's units; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not a positive number.</exception>
    public static IReadOnlyList<NoiseDefinition> Of(ReadOnlySpan<int> dimensions, double scale)
    {
        if (!double.IsFinite(scale) || scale <= 0)
            throw new ArgumentOutOfRangeException(
                nameof(scale),
                scale,
                $"scale is {scale:R}. Give a positive number; a constant column has no scale, so no strength can be relative to it."
            );
        List<NoiseDefinition> candidates =
        [
            new GaussianNoise(Rounded(0.1 * scale)),
            new GaussianNoise(Rounded(0.3 * scale)),
            new GaussianNoise(Rounded(scale)),
            new LaplaceNoise(Rounded(0.3 * scale / Math.Sqrt(2))),
            new UniformNoise(Rounded(0.3 * scale * Math.Sqrt(3))),
            new SpeckleNoise(0.2),
            new SaltAndPepperNoise(0.02),
            new SaltAndPepperNoise(0.1),
        ];
        foreach (var axis in Enum.GetValues<MixAxis>())
        {
            OptimalMixingNoise mixing = new(axis);
            if (axis == MixAxis.Batch || mixing.Locate(dimensions) is { Size: > 1 })
                candidates.AddRange([new CircularShiftNoise(0.1, axis), new CircularShiftNoise(0.3, axis), mixing]);
        }
        return candidates;
    }

    /// <summary>Rounds to two digits, so that strengths are easy to write. Finer differences do not matter.</summary>
    static double Rounded(double strength) =>
        double.Parse(strength.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
