namespace NoisyNN.Transforms.Noise.Gaussian;

public sealed partial record GaussianNoise
{
    /// <summary>Differential entropy of the noise of one element in nats: ½ log(2πe sd²).</summary>
    public double DifferentialEntropy() => Math.Log(2 * Math.PI * Math.E) / 2 + Math.Log(StandardDeviation);

    /// <inheritdoc/>
    /// <remarks>Both bookkeepings depend on the data's covariance and are at most 0. Without a covariance there are no figures.</remarks>
    public override NoiseEntropyChange EntropyChange(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return AdditiveEntropyChange.OfData(this, isConstant: StandardDeviation == 0);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The noise adds sd² to the signal's variances and leaves its covariance with the label as it is. Clipped noise has no closed form.
    /// </remarks>
    public override NoiseEntropyChange EntropyChange(JointCovariance covariance)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        return AdditiveEntropyChange.OfGaussian(this, StandardDeviation * StandardDeviation, covariance);
    }
}
