namespace NoisyNN.Transforms.Entropy.Estimators;

/// <summary>Estimates the mutual information I(X;Y) of paired rows, in bits. It is immutable.</summary>
public abstract record InformationEstimator
{
    /// <summary>The estimators of this library with their usual settings.</summary>
    public static IReadOnlyList<InformationEstimator> All { get; } =
    [
        new SpectralInformation(),
        new BinnedInformation(),
        new NearestNeighborInformation(),
        new MineInformation(),
        new InfoNceInformation(),
        new ProbeInformation(),
    ];

    /// <summary>The name in tables and on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What the figure is, in a few words.</summary>
    public abstract string Description { get; }

    /// <summary>Estimates I(X;Y) in bits. The figure may be below 0.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="seed">The seed of all random numbers.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <exception cref="ArgumentException">There are too few rows.</exception>
    public abstract double Estimate(PairedRows rows, int seed = 1, CancellationToken cancellation = default);

    private protected const double BitsPerNat = 1.4426950408889634;
}
