using System.ComponentModel.DataAnnotations;

namespace NoisyNN.Pipelines.Experiments.Domains;

/// <summary>
/// Other data with the same classes, the target. The trained networks are judged on its test rows, too. Its labels choose nothing: no
/// epoch, no network, no setting.
/// </summary>
/// <param name="Manifest">A data set of <c>data-manifests/</c> by name, or the path of a Croissant file.</param>
/// <param name="Directory">A folder with one subfolder of images per class.</param>
/// <param name="Adaptation">What a network learns from the unlabelled training rows of the target.</param>
/// <param name="AlignmentWeight">The weight of the discrepancy in the loss, with <c>adaptation: alignment</c>.</param>
/// <param name="TrainLimit">The most training rows of the target; all when left out.</param>
/// <param name="TestLimit">The most test rows of the target; all when left out.</param>
public sealed record DomainSection(
    string? Manifest = null,
    string? Directory = null,
    DomainAdaptation Adaptation = DomainAdaptation.None,
    [Range(0.0, 1e9, MinimumIsExclusive = true)] double AlignmentWeight = 1,
    [Range(1, int.MaxValue)] int? TrainLimit = null,
    [Range(1, int.MaxValue)] int? TestLimit = null
)
{
    /// <inheritdoc cref="DomainSection"/>
    public string? Manifest { get; } =
        Manifest is null == Directory is null
            ? throw new ArgumentException("give either 'manifest' or 'directory', the images of the target domain", nameof(Manifest))
            : Manifest;
}

/// <summary>What a network learns from unlabelled rows of another domain.</summary>
public enum DomainAdaptation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// After training, the statistics of its batch normalisations are estimated anew (AdaBN: Li et al., arXiv 1603.04779). The network that
    /// is judged on the source and exported keeps its own.
    /// </summary>
    BatchStatistics,

    /// <summary>
    /// In training, a penalty makes their features like those of training rows: the maximum mean discrepancy (Long et al., arXiv
    /// 1502.02791).
    /// </summary>
    Alignment,
}
