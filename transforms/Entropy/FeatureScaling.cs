namespace NoisyNN.Transforms.Entropy;

/// <summary>
/// What is done to the features before distances are taken: a spectral entropy depends on their scale, DSE(cX; σ) = DSE(X; σ/c).
/// </summary>
public enum FeatureScaling
{
    /// <summary>Nothing, as the reference.</summary>
    None,

    /// <summary>Every column to mean 0 and standard deviation 1 (of the population); a constant column becomes 0.</summary>
    ZScore,

    /// <summary>Every row to Euclidean length 1; a row of zeros stays.</summary>
    UnitLength,
}
