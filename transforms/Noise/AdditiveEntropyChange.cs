namespace NoisyNN.Transforms.Noise;

/// <summary>The entropy change by noise that is added to the signal and independent of it and of the label.</summary>
static class AdditiveEntropyChange
{
    /// <summary>
    /// Without data, only the sign is known: H(Y;Z+ε) is at least H(Y;Z+ε|ε) = H(Y;Z), so the paper's change is at most 0. Clipping
    /// removes volume, so the sign is not known then.
    /// </summary>
    public static NoiseEntropyChange OfData(ClippableNoise noise, bool isConstant) =>
        noise.Clip is not null ? NoiseEntropyChange.OfData(noise.Name)
        : isConstant ? NoiseEntropyChange.None(noise.Name)
        : NoiseEntropyChange.OfData(noise.Name, new(AtMost: 0));

    /// <summary>The exact entropy change by Gaussian noise.</summary>
    public static NoiseEntropyChange OfGaussian(ClippableNoise noise, double variance, JointCovariance covariance)
    {
        ThrowIfClipped(noise);
        return NoiseEntropyChange.Between(noise.Name, covariance, covariance.WithNoiseVariance(variance));
    }

    /// <summary>The entropy change by other noise: the figures of Gaussian noise of the same variance, with bounds.</summary>
    /// <remarks>
    /// The figures are lower bounds. Among all noises of a covariance, Gaussian noise makes the joint entropy largest. It also removes
    /// the most information from Gaussian signals (Ihara, On the capacity of channels with additive non-Gaussian noise, Information and
    /// Control 37, 1978). The upper bound is the entropy-power inequality given the label,
    /// <c>exp(2h(Z+ε|Y)/d) ≥ exp(2h(Z|Y)/d) + exp(2h(ε)/d)</c> (Shannon 1948, Stam 1959).
    /// </remarks>
    /// <param name="noise">The noise.</param>
    /// <param name="variance">Variance of one element of the noise.</param>
    /// <param name="entropy">Differential entropy of one element of the noise, in nats.</param>
    /// <param name="covariance">Covariance of signal and label.</param>
    public static NoiseEntropyChange Approximate(ClippableNoise noise, double variance, double entropy, JointCovariance covariance)
    {
        var gaussian = OfGaussian(noise, variance, covariance);
        if (variance == 0)
            return gaussian;
        var size = covariance.SignalSize;
        var signal = (Math.Log(2 * Math.PI * Math.E) + covariance.ConditionalSignalLogDeterminant / size) / 2;
        return gaussian with
        {
            IsGaussianApproximation = true,
            PaperBounds = new(gaussian.Paper, -size / 2.0 * double.LogP1(Math.Exp(2 * (entropy - signal)))),
            ConditionalBounds = new(gaussian.Conditional, 0),
        };
    }

    static void ThrowIfClipped(ClippableNoise noise)
    {
        if (noise.Clip is { } range)
        {
            throw new NotSupportedException(
                $"{noise.Name} noise that is clipped to {range} has no closed form for "
                    + "jointly Gaussian signal and label. Without Clip it has one."
            );
        }
    }
}
