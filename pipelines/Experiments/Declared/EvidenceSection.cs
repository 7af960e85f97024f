using System.ComponentModel.DataAnnotations;
using NoisyNN.Pipelines.Yaml.Assignments;
using NoisyNN.Transforms.Entropy.Tracking;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>
/// How the claim of an experiment is judged by <c>noisynn claims</c>. The rule is fixed before the first run: a run with another rule counts
/// for nothing.
/// </summary>
/// <param name="Source">Where the claim is made.</param>
/// <param name="Compare">What is compared, paired by seed.</param>
/// <param name="Supports">The verdict on a comparison that supports the claim.</param>
/// <param name="Expected">The result that was expected before the first run, and why.</param>
/// <param name="Minutes">The budget of the full form, on two processors.</param>
/// <param name="Figure">The figure that is compared.</param>
/// <param name="Needs">How many of the comparisons must have the verdict that supports the claim.</param>
/// <param name="Bandwidth">The bandwidth of a measured entropy.</param>
/// <param name="Given">
/// With <c>compare: prediction</c>, a setting that differs between the trials and is known beforehand, a number above 0. The figure must
/// predict beyond its logarithm and the square of that.
/// </param>
/// <param name="Quick">Settings of the quick form, which takes at most 3 minutes: keys with dots, and the value of each.</param>
public sealed record EvidenceSection(
    string Source,
    Contrast Compare,
    EffectVerdict Supports,
    string Expected,
    [Range(1, 100_000)] int Minutes,
    JudgedFigure Figure = JudgedFigure.Test,
    Quantifier Needs = Quantifier.All,
    TrackedBandwidth Bandwidth = TrackedBandwidth.MedianDistance,
    string? Given = null,
    IReadOnlyList<Assignment>? Quick = null
)
{
    /// <inheritdoc cref="EvidenceSection"/>
    public EffectVerdict Supports { get; } =
        Supports is EffectVerdict.Open
            ? throw new ArgumentException("an open question supports no claim; give helps, no-effect or hurts", nameof(Supports))
            : Supports;
}

/// <summary>What a claim compares.</summary>
public enum Contrast
{
    /// <summary>Each arm of the sweep with the first one.</summary>
    Arms,

    /// <summary>The second network of each run with the first one.</summary>
    Networks,

    /// <summary>The figure of each run with 0.</summary>
    Zero,

    /// <summary>
    /// The test accuracies of all trials with what the figure predicts of them: the change for one standard deviation of the figure.
    /// "helps" means that a higher figure goes with a higher accuracy.
    /// </summary>
    Prediction,
}

/// <summary>The figure that a claim compares. Accuracies are those of test rows.</summary>
public enum JudgedFigure
{
    /// <summary>Test accuracy with noise off, or the test bound of an autoencoder in nats.</summary>
    Test,

    /// <summary>
    /// The same with the noise of training on, for noise that is a linear map within each image; noise off for a network without it.
    /// </summary>
    TestWithNoise,

    /// <summary>Accuracy in class-sorted order minus that in shuffled order, with noise at inference.</summary>
    LeakIndex,

    /// <summary>
    /// The diffusion spectral entropy of the last layer after training minus that before, in bits. The experiment measures it
    /// (<c>measure</c>); "helps" means that it rises.
    /// </summary>
    DseChange,

    /// <summary>The same of the diffusion spectral mutual information with the labels.</summary>
    LabelDsmiChange,

    /// <summary>The same of the diffusion spectral mutual information with the input.</summary>
    InputDsmiChange,

    /// <summary>The diffusion spectral entropy of the last layer before the training, in bits.</summary>
    DseStart,

    /// <summary>The diffusion spectral mutual information of the last layer with the labels after the training, in bits.</summary>
    LabelDsmi,

    /// <summary>Test accuracy on the target (domain), noise off, after the declared adaptation.</summary>
    Target,

    /// <summary>What the last block still tells about the place of the nuisance (data.occlusion or data.clutter), in bits.</summary>
    PlaceInformation,
}

/// <summary>How many comparisons must agree.</summary>
public enum Quantifier
{
    /// <summary>All.</summary>
    All,

    /// <summary>At least one.</summary>
    Any,
}
