namespace NoisyNN.Transforms.Noise.Poisson;

public sealed partial record PoissonNoise
{
    /// <inheritdoc/>
    /// <remarks>
    /// Counts are discrete: the joint entropies before and after the noise are not of one kind, and that of a Poisson count is a series
    /// without closed form. So the paper's figure does not exist; the conditional one is at most 0, and the data decide it.
    /// </remarks>
    public override NoiseEntropyChange EntropyChange(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return NoiseEntropyChange.OfData(Name);
    }
}
