using System.ComponentModel.DataAnnotations;
using NoisyNN.Transforms.Entropy.Tracking;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>
/// Entropies of a classifier's layers, measured on validation rows before the first epoch and after each. They decide nothing.
/// </summary>
/// <param name="Layers">The layers, such as block.0; each block and the input of the head when left out.</param>
/// <param name="Bandwidths">The rules for the bandwidth; all three when left out.</param>
/// <param name="Rows">The number of validation rows; the same rows each time.</param>
/// <param name="EveryEpochs">The number of epochs from one measurement to the next.</param>
/// <param name="Sigma">The bandwidth of the rule 'fixed', in units of the activations.</param>
/// <param name="Power">The power of the eigenvalues.</param>
/// <param name="Subsamples">The number of subsamples for each 95 % interval, at least 20; 0 for no intervals.</param>
/// <param name="Permutations">The number of permutations of the labels for the information that labels have by chance.</param>
/// <param name="MaxShare">
/// The most that measuring may take of the time of the training. An epoch is left out while measuring has taken more, but never the
/// last one. 1 leaves none out.
/// </param>
public sealed record MeasureSection(
    IReadOnlyList<string> Layers,
    IReadOnlyList<TrackedBandwidth> Bandwidths,
    [Range(10, 5000)] int Rows = 200,
    [Range(1, 100_000)] int EveryEpochs = 1,
    [Range(1e-100, 1e100)] double Sigma = 10,
    [Range(0.01, 1000)] double Power = 1,
    [Range(0, 1000)] int Subsamples = 20,
    [Range(0, 1000)] int Permutations = 20,
    [Range(0.0, 1.0, MinimumIsExclusive = true)] double MaxShare = 0.1
)
{
    /// <inheritdoc cref="MeasureSection"/>
    public int Subsamples { get; } =
        Subsamples is 0 or >= 20
            ? Subsamples
            : throw new ArgumentOutOfRangeException(nameof(Subsamples), "an interval needs at least 20 subsamples; 0 means no interval");

    /// <summary>The settings of the measurement.</summary>
    internal TrackingOptions Options(int seed) =>
        new()
        {
            Bandwidths = Bandwidths.Count > 0 ? Bandwidths : new TrackingOptions().Bandwidths,
            Sigma = Sigma,
            Power = Power,
            Subsamples = Subsamples,
            Permutations = Permutations,
            Seed = seed,
        };
}
