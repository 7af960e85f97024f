namespace NoisyNN.Transforms.Noise.Uniform;

public sealed partial record UniformNoise
{
    /// <summary>Differential entropy of the noise of one element in nats: log(2h).</summary>
    public double DifferentialEntropy() => Math.Log(2 * HalfWidth);

    /// <inheritdoc/>
    /// <remarks>Both bookkeepings depend on the data and are at most 0.</remarks>
    public override NoiseEntropyChange EntropyChange(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return AdditiveEntropyChange.OfData(this, isConstant: HalfWidth == 0);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// With this noise a Gaussian signal is no longer Gaussian. The figures are those of Gaussian noise of the same variance, with bounds
    /// on the true ones.
    /// </remarks>
    public override NoiseEntropyChange EntropyChange(JointCovariance covariance)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        return AdditiveEntropyChange.Approximate(this, HalfWidth * HalfWidth / 3, DifferentialEntropy(), covariance);
    }
}
