namespace NoisyNN.Transforms.Entropy;

/// <summary>The rule that gives σ, the bandwidth of the Gaussian affinities exp(-d²/2σ²).</summary>
public sealed record Bandwidth
{
    Bandwidth(string rule) => Rule = rule;

    /// <summary>
    /// σ as given, in the units of the scaled features. The reference's default is 10, which means nothing without fixing the features'
    /// scale.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public static Bandwidth Of(double sigma) =>
        double.IsFinite(sigma) && sigma > 0
            ? new("given") { Sigma = sigma }
            : throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "The bandwidth must be a positive number.");

    /// <summary>σ = √D, what the reference's authors use for features of about unit variance.</summary>
    public static Bandwidth RootDimension { get; } = new("sqrt-dimension");

    /// <summary>
    /// σ is the median distance of the pairs of rows. The entropy then does not change when all features are multiplied by one number.
    /// </summary>
    public static Bandwidth MedianDistance { get; } = new("median-distance");

    /// <summary>
    /// Every row has its own σᵢ, the distance to its k-th nearest neighbour, and affinities are exp(-d²/2σᵢσⱼ) (Zelnik-Manor and Perona,
    /// NIPS 2004).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one neighbour.</exception>
    public static Bandwidth Adaptive(int neighbors = 10) =>
        neighbors >= 1
            ? new("adaptive") { Neighbors = neighbors }
            : throw new ArgumentOutOfRangeException(nameof(neighbors), neighbors, "The adaptive bandwidth needs at least 1 neighbour.");

    /// <summary>The rule's name in reports: given, sqrt-dimension, median-distance or adaptive.</summary>
    public string Rule { get; }

    /// <summary>σ, where it is given.</summary>
    public double? Sigma { get; private init; }

    /// <summary>k, where the rule is adaptive.</summary>
    public int? Neighbors { get; private init; }
}
