using NoisyNN.Transforms.Entropy.Measured;

namespace NoisyNN.Transforms.Entropy.Estimators;

/// <summary>
/// Diffusion spectral mutual information (<see cref="DiffusionEntropy"/>). It is a difference of spectral entropies in bits, not an
/// estimate that converges to I(X;Y): it depends on the bandwidth, and three separate blobs have about 1.1 of their 1.585 bits.
/// </summary>
public sealed record SpectralInformation : InformationEstimator
{
    /// <summary>The settings of the measurement.</summary>
    public EntropyOptions Options
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Options));
    } = new();

    /// <inheritdoc/>
    public override string Name => "dsmi";

    /// <inheritdoc/>
    public override string Description => "diffusion spectral, median distance; no estimate of I, but in its unit";

    /// <inheritdoc/>
    public override double Estimate(PairedRows rows, int seed = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return DiffusionEntropy.Measure(rows.Features, rows.Classes, Options with { Seed = seed }, cancellation).Dsmi!.Value;
    }
}
