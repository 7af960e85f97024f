using NoisyNN.Transforms.Entropy.Measured;

namespace NoisyNN.Transforms.Entropy.Tracking;

/// <summary>The entropies of one representation at one bandwidth, in bits.</summary>
/// <param name="Bandwidth">The rule for σ.</param>
/// <param name="Sigma">σ, in units of the features, or of z-scores with <see cref="TrackedBandwidth.SqrtDimension"/>.</param>
/// <param name="MedianDistance">The median distance between two rows, in units of the features.</param>
/// <param name="Dse">Diffusion spectral entropy.</param>
/// <param name="LabelDsmi">DSMI with the labels.</param>
/// <param name="InputDsmi">DSMI with the clusters of the input; null without them.</param>
public sealed record TrackedEntropy(
    TrackedBandwidth Bandwidth,
    double Sigma,
    double MedianDistance,
    double Dse,
    double LabelDsmi,
    double? InputDsmi
)
{
    /// <summary>The 95 % interval of <see cref="Dse"/>; null if it was not requested.</summary>
    public SubsamplingInterval? DseInterval { get; init; }

    /// <summary>The 95 % interval of <see cref="LabelDsmi"/>; null if it was not requested.</summary>
    public SubsamplingInterval? LabelDsmiInterval { get; init; }

    /// <summary>The mean DSMI with permuted labels; null if it was not requested.</summary>
    public double? NullMean { get; init; }

    /// <summary>The standard deviation of the DSMI with permuted labels; null if there are fewer than two.</summary>
    public double? NullDeviation { get; init; }

    /// <summary>One line with the bandwidth and the figures.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Bandwidth}: DSE {Dse:0.0000} bits, DSMI with the labels {LabelDsmi:0.0000} bits")
        + (InputDsmi is { } input ? FormattableString.Invariant($", with the input {input:0.0000} bits") : "")
        + FormattableString.Invariant($" (σ {Sigma:G4}, median distance {MedianDistance:G4})");
}
