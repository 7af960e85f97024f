namespace NoisyNN.Transforms.Noise.SaltAndPepper;

public sealed partial record SaltAndPepperNoise
{
    /// <summary>Entropy of the mask of one element in nats: -(1-p) log(1-p) - p log(p/2).</summary>
    public double MaskEntropy => -XLogX(1 - Probability) - 2 * XLogX(Probability / 2);

    /// <inheritdoc/>
    /// <remarks>
    /// The paper assumes that the joint entropy rises by that of the mask, for each element. The conditional change is at most 0 and
    /// depends on the data.
    /// </remarks>
    public override NoiseEntropyChange EntropyChange(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return new(Name, "nats per element")
        {
            Paper = -MaskEntropy,
            Conditional = Probability == 0 ? 0 : null,
            ConditionalBounds = Probability == 0 ? null : new(AtMost: 0),
        };
    }

    static double XLogX(double x) => x == 0 ? 0 : x * Math.Log(x);
}
