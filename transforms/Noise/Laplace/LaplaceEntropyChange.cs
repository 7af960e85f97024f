namespace NoisyNN.Transforms.Noise.Laplace;

public sealed partial record LaplaceNoise
{
    /// <summary>Differential entropy of the noise of one element in nats: 1 + log(2b).</summary>
    public double DifferentialEntropy() => 1 + Math.Log(2 * Scale);

    /// <inheritdoc/>
    /// <remarks>Both bookkeepings depend on the data and are at most 0.</remarks>
    public override NoiseEntropyChange EntropyChange(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return AdditiveEntropyChange.OfData(this, isConstant: Scale == 0);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// With this noise a Gaussian signal is no longer Gaussian. The figures are those of Gaussian noise of the same variance, with bounds
    /// on the true ones.
    /// </remarks>
    public override NoiseEntropyChange EntropyChange(JointCovariance covariance)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        return AdditiveEntropyChange.Approximate(this, 2 * Scale * Scale, DifferentialEntropy(), covariance);
    }
}
