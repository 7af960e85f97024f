namespace NoisyNN.Transforms.Entropy;

/// <summary>
/// The scaling of features before distances are taken. A spectral entropy depends on their scale: DSE(cX; σ) = DSE(X; σ/c).
/// </summary>
public enum FeatureScaling
{
    /// <summary>No scaling, as in the reference.</summary>
    None,

    /// <summary>Scales every column to mean 0 and standard deviation 1 (of the population). A constant column becomes 0.</summary>
    ZScore,

    /// <summary>Scales every row to Euclidean length 1. A row of zeros stays.</summary>
    UnitLength,
}
