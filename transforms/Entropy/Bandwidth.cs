namespace NoisyNN.Transforms.Entropy;

/// <summary>The rule that gives σ, the bandwidth of the Gaussian affinities exp(-d²/2σ²).</summary>
public sealed record Bandwidth
{
    Bandwidth(string rule) => Rule = rule;

    /// <summary>
    /// A given σ, in the units of the scaled features. The reference's default is 10, which has a meaning only for a fixed scale of the
    /// features.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">σ is not a positive number.</exception>
    public static Bandwidth Of(double sigma) =>
        double.IsFinite(sigma) && sigma > 0
            ? new("given") { Sigma = sigma }
            : throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "The bandwidth must be a positive number.");

    /// <summary>σ = √D, which the reference's authors use for features of about unit variance.</summary>
    public static Bandwidth RootDimension { get; } = new("sqrt-dimension");

    /// <summary>
    /// σ is the median distance between two rows. The entropy then does not change when all features are multiplied by one number.
    /// </summary>
    public static Bandwidth MedianDistance { get; } = new("median-distance");

    /// <summary>
    /// Every row has its own σᵢ, the distance to its k-th nearest neighbour, and affinities are exp(-d²/2σᵢσⱼ) (Zelnik-Manor and Perona,
    /// NIPS 2004).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of neighbours is below 1.</exception>
    public static Bandwidth Adaptive(int neighbors = 10) =>
        neighbors >= 1
            ? new("adaptive") { Neighbors = neighbors }
            : throw new ArgumentOutOfRangeException(nameof(neighbors), neighbors, "The adaptive bandwidth needs at least 1 neighbour.");

    /// <summary>The rule's name in reports: given, sqrt-dimension, median-distance or adaptive.</summary>
    public string Rule { get; }

    /// <summary>σ, if it is given.</summary>
    public double? Sigma { get; private init; }

    /// <summary>k, if the rule is adaptive.</summary>
    public int? Neighbors { get; private init; }
}
