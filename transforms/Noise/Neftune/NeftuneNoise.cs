using System.ComponentModel.DataAnnotations;
using NoisyNN.Transforms.Noise.Uniform;

namespace NoisyNN.Transforms.Noise.Neftune;

/// <summary>
/// NEFTune (Jain et al., arXiv 2310.05914): additive uniform noise on [-h, h] with h = α/√(L·d), for a row of L tokens with d channels. Its
/// length then is about α/√3 in any row.
/// </summary>
/// <param name="Alpha">α, in units of the signal, 5 to 15 in the paper; finite, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value out of its range.</exception>
public sealed record NeftuneNoise([Range(0.0, float.MaxValue)] double Alpha = 5) : NoiseDefinition
{
    /// <inheritdoc/>
    public override string Name => "neftune";

    /// <summary>α, in units of the signal.</summary>
    public double Alpha
    {
        get;
        init => field = Require(value);
    } = Require(Alpha);

    /// <summary>The uniform noise that it is on rows of a length.</summary>
    /// <param name="length">L·d, the number of values of a row.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is below 1.</exception>
    public UniformNoise ToUniform(long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return new(Alpha / Math.Sqrt(length));
    }

    /// <inheritdoc/>
    /// <remarks>Both bookkeepings depend on the data and are at most 0.</remarks>
    public override NoiseEntropyChange EntropyChange(int size) => ToUniform(1).EntropyChange(size) with { Noise = Name };

    /// <inheritdoc/>
    public override NoiseEntropyChange EntropyChange(JointCovariance covariance)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        return ToUniform(covariance.SignalSize).EntropyChange(covariance) with { Noise = Name };
    }

    internal override NoiseKernel CreateKernel(ReadOnlySpan<int> dimensions)
    {
        var length = 1L;
        foreach (var dimension in dimensions)
            length *= dimension;
        return ToUniform(length).CreateKernel(dimensions);
    }

    static double Require(double value) => Within<NeftuneNoise>(value, "Give a finite number of at least 0.", nameof(Alpha));
}
