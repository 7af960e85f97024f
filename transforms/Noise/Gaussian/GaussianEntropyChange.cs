namespace NoisyNN.Transforms.Noise;

public sealed partial record GaussianNoise
{
    /// <inheritdoc/>
    /// <remarks>Both bookkeepings depend on the data's covariance and are at most 0, so without it there are no figures.</remarks>
    public override NoiseEntropyChange EntropyChange(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return StandardDeviation == 0 ? new(Name, "nats") { Paper = 0, Conditional = 0 } : new(Name, "nats");
    }

    /// <inheritdoc/>
    /// <remarks>The noise adds sd² to the signal's variances and leaves its covariance with the label as it is.</remarks>
    public override NoiseEntropyChange EntropyChange(JointCovariance covariance)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        return NoiseEntropyChange.Between(Name, covariance, covariance.WithNoiseVariance(StandardDeviation * StandardDeviation));
    }
}
