using MathNet.Numerics;

namespace NoisyNN.Transforms.Noise.Speckle;

public sealed partial record SpeckleNoise
{
    /// <summary>
    /// E log |1+ε| in nats: how much the noise stretches an element on average; below 0 for a deviation up to about 1.55.
    /// </summary>
    /// <remarks>
    /// (1+ε)²/sd² is noncentral chi-square with one degree of freedom, a Poisson mixture of central ones, whose expected logarithms are
    /// digamma values.
    /// </remarks>
    public double MeanLogStretch()
    {
        var variance = StandardDeviation * StandardDeviation;
        if (StandardDeviation < 0.05)
            return AsymptoticLogStretch(variance);
        var mean = 1 / (2 * variance);
        var reach = 12 * Math.Sqrt(mean) + 60;
        var sum = 0.0;
        for (var count = Math.Max(0, Math.Floor(mean - reach)); count <= mean + reach; count++)
            sum += Math.Exp(count * Math.Log(mean) - mean - SpecialFunctions.GammaLn(count + 1)) * SpecialFunctions.DiGamma(count + 0.5);
        return (Math.Log(2 * variance) + sum) / 2;
    }

    /// <summary>
    /// -Σ (2k-1)!! sd²ᵏ/2k, from the moments of the logarithm's series. Here the seventh term is below 1e-14 of the first. The mixture's
    /// sum would lose digits.
    /// </summary>
    static double AsymptoticLogStretch(double variance)
    {
        var (sum, moment) = (0.0, 1.0);
        for (var order = 1; order <= 6; order++)
        {
            moment *= (2 * order - 1) * variance;
            sum -= moment / (2 * order);
        }
        return sum;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Given ε, each element is stretched by 1+ε, so H(Y;Z') is at least H(Y;Z) + E log |1+ε| for each element. This is an upper bound of
    /// the paper's change. The bound can be above 0, because multiplicative noise can contract volume.
    /// </remarks>
    public override NoiseEntropyChange EntropyChange(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return Clip is not null ? NoiseEntropyChange.OfData(Name)
            : StandardDeviation == 0 ? NoiseEntropyChange.None(Name)
            : NoiseEntropyChange.OfData(Name, new(AtMost: -MeanLogStretch())) with { Unit = "nats per element" };
    }
}
