namespace NoisyNN.Transforms.Noise;

/// <summary>The entropy change by noise that is added to the signal and independent of it and of the label.</summary>
internal static class AdditiveEntropyChange
{
    /// <summary>
    /// Without data nothing but the sign: H(Y;Z+ε) is at least H(Y;Z+ε|ε) = H(Y;Z), so the paper's change is at most 0. Clipping takes volume away, and that sign with it.
    /// </summary>
    public static NoiseEntropyChange OfData(ClippableNoise noise, bool isConstant) =>
        noise.Clip is not null ? NoiseEntropyChange.OfData(noise.Name)
        : isConstant ? NoiseEntropyChange.None(noise.Name)
        : NoiseEntropyChange.OfData(noise.Name, new(AtMost: 0));

    /// <summary>Of Gaussian noise exactly.</summary>
    public static NoiseEntropyChange OfGaussian(ClippableNoise noise, double variance, JointCovariance covariance)
    {
        var change = NoiseEntropyChange.Between(noise.Name, covariance, covariance.WithNoiseVariance(variance));
        // Clipping comes after the noise and can only take away more of what the signal says of the label.
        return noise.Clip is null ? change : NoiseEntropyChange.OfData(noise.Name) with { ConditionalBounds = new(AtMost: change.Conditional) };
    }

    /// <summary>Of other noise between bounds.</summary>
    /// <remarks>
    /// Below: Gaussian noise of the same variance. Among all noises of a covariance it makes the joint entropy largest, and for Gaussian signals it takes away the most
    /// information (Ihara, On the capacity of channels with additive non-Gaussian noise, Information and Control 37, 1978).
    /// Above: the entropy-power inequality given the label, <c>exp(2h(Z+ε|Y)/d) ≥ exp(2h(Z|Y)/d) + exp(2h(ε)/d)</c> (Shannon 1948, Stam 1959).
    /// </remarks>
    /// <param name="noise">The noise.</param>
    /// <param name="variance">Of one element.</param>
    /// <param name="entropy">Differential entropy of one element of the noise, in nats.</param>
    /// <param name="covariance">Of signal and label.</param>
    public static NoiseEntropyChange Between(ClippableNoise noise, double variance, double entropy, JointCovariance covariance)
    {
        var gaussian = NoiseEntropyChange.Between(noise.Name, covariance, covariance.WithNoiseVariance(variance));
        if (noise.Clip is not null)
            return NoiseEntropyChange.OfData(noise.Name);
        if (variance == 0)
            return NoiseEntropyChange.None(noise.Name);
        var size = covariance.SignalSize;
        var signal = (Math.Log(2 * Math.PI * Math.E) + covariance.ConditionalSignalLogDeterminant / size) / 2;
        return new(noise.Name, "nats")
        {
            PaperBounds = new(gaussian.Paper, -size / 2.0 * double.LogP1(Math.Exp(2 * (entropy - signal)))),
            ConditionalBounds = new(gaussian.Conditional, 0),
        };
    }
}
