namespace NoisyNN.Transforms.Entropy.Spectra;

/// <summary>Shannon's entropy, in bits, of weights that are normalised to a distribution.</summary>
static class SpectralDistribution
{
    /// <summary>Added to every probability, as in the reference, so that 0 has a logarithm.</summary>
    const double Epsilon = 2.220446049250313e-16;

    /// <summary>-Σ p log₂ p with p = |w|ᵗ/Σ|w|ᵗ.</summary>
    public static double Entropy(ReadOnlySpan<double> weights, double power = 1)
    {
        var sum = 0.0;
        foreach (var weight in weights)
            sum += Powered(weight, power);
        var entropy = 0.0;
        foreach (var weight in weights)
        {
            var share = Powered(weight, power) / sum + Epsilon;
            entropy -= share * Math.Log2(share);
        }
        return entropy;
    }

    static double Powered(double weight, double power) => power == 1 ? Math.Abs(weight) : Math.Pow(Math.Abs(weight), power);
}
