namespace NoisyNN.Transforms.Noise.Poisson;

public sealed partial record PoissonNoise
{
    /// <inheritdoc/>
    /// <remarks>
    /// Counts are discrete. The joint entropy before the noise is differential, the one after it is not, and the entropy of a Poisson
    /// count has no closed form. So the paper's figure does not exist. The conditional one is at most 0 and depends on the data.
    /// </remarks>
    public override NoiseEntropyChange EntropyChange(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return NoiseEntropyChange.OfData(Name);
    }
}
