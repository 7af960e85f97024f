namespace NoisyNN.Transforms.Noise.LinearTransform;

public abstract partial record LinearTransformNoise
{
    /// <inheritdoc/>
    /// <remarks>
    /// The paper's latent-level value is <c>-log |det(I+Q)|</c>, for each mixed feature. It omits the factor d of mixing k rows of d
    /// features. An invertible map neither adds nor removes label information, so the conditional entropy does not change.
    /// </remarks>
    public sealed override NoiseEntropyChange EntropyChange(int size)
    {
        ThrowIfSingular(size);
        // The subtraction from 0 avoids -0, which you would read as a sign.
        return new(Name, "nats per mixed feature")
        {
            Size = size,
            Paper = 0 - LogAbsDeterminant(size),
            Conditional = 0,
        };
    }

    /// <inheritdoc/>
    /// <remarks>Here the signal's coordinates are the k rows that are mixed.</remarks>
    public sealed override NoiseEntropyChange EntropyChange(JointCovariance covariance)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        var size = covariance.SignalSize;
        ThrowIfSingular(size);
        return NoiseEntropyChange.Between(Name, covariance, covariance.Transformed(ToMatrix(size))) with { Size = size };
    }
}
