using System.ComponentModel.DataAnnotations;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>The networks that an experiment file can name.</summary>
public enum Architecture
{
    /// <summary>A vision transformer (pre-norm, patch embedding, class token) with places for noise.</summary>
    NoisyVit,

    /// <summary>A residual network (ResNet-18, 34 or 50) with places for noise.</summary>
    NoisyResnet,

    /// <summary>The all-convolutional network with Information Dropout, or one of its special cases.</summary>
    AllCnn,
}

/// <summary>
/// The network's architecture and sizes; the image size, channels and classes come from the data. A key that another architecture has is
/// refused.
/// </summary>
/// <param name="Architecture">Which network.</param>
/// <param name="PatchSize">noisy-vit: side of a patch in pixels; it divides the image's side. 4 when left out.</param>
/// <param name="Dimension">noisy-vit: width of a token; 64 when left out.</param>
/// <param name="Depth">noisy-vit: number of blocks, 4 when left out; noisy-resnet: 18, 34 or 50, 18 when left out.</param>
/// <param name="Heads">noisy-vit: attention heads; they divide the dimension. 4 when left out.</param>
/// <param name="MlpDimension">noisy-vit: width inside the MLP of a block; twice the dimension when left out.</param>
/// <param name="Dropout">noisy-vit: dropout probability; 0 when left out.</param>
/// <param name="Width">noisy-resnet: channels of the first stage; 64 when left out.</param>
/// <param name="Stem">noisy-resnet: <c>small</c> for images of about 32 pixels, <c>image-net</c> for about 224; small when left
/// out.</param>
/// <param name="Widths">all-cnn: filters of each block at 100 percent; 96 and 192 when left out.</param>
/// <param name="FilterPercentage">all-cnn: percentage of the filters that is used; 100 when left out.</param>
/// <param name="InputKeepProbability">all-cnn: share of the pixels that binary dropout keeps; 0.8 when left out.</param>
/// <param name="DropoutKind">all-cnn: <c>information</c>, <c>variational</c>, <c>gaussian</c>, <c>binary</c> or <c>none</c>; information
/// when left out.</param>
/// <param name="Prior">all-cnn: <c>log-uniform</c> (ReLU) or <c>log-normal</c> (softplus); log-uniform when left out.</param>
/// <param name="Beta">all-cnn: price of information; 3 when left out, 1 with variational dropout.</param>
/// <param name="MaxAlpha">all-cnn: the largest noise, or Gaussian dropout's; 0.7 when left out.</param>
/// <param name="KeepProbability">all-cnn: share of the units that binary dropout keeps; 0.5 when left out.</param>
/// <param name="Pretrained">A safetensors file of weights to begin with, relative to where the program is started; random weights when left
/// out.</param>
public sealed record NetworkSection(
    Architecture Architecture = Architecture.NoisyVit,
    [Range(1, 256)] int? PatchSize = null,
    [Range(1, 4096)] int? Dimension = null,
    [Range(1, 100)] int? Depth = null,
    [Range(1, 256)] int? Heads = null,
    [Range(1, 65536)] int? MlpDimension = null,
    [Range(0.0, 1.0, MaximumIsExclusive = true)] double? Dropout = null,
    [Range(1, 1024)] int? Width = null,
    ResNetStem? Stem = null,
    IReadOnlyList<int>? Widths = null,
    [Range(1, 100)] int? FilterPercentage = null,
    [Range(0.0, 1.0, MinimumIsExclusive = true)] double? InputKeepProbability = null,
    DropoutKind? DropoutKind = null,
    InformationPrior? Prior = null,
    [Range(0.0, 1e9)] double? Beta = null,
    [Range(0.0, 100.0, MinimumIsExclusive = true)] double? MaxAlpha = null,
    [Range(0.0, 1.0, MinimumIsExclusive = true)] double? KeepProbability = null,
    string? Pretrained = null
)
{
    /// <inheritdoc cref="NetworkSection"/>
    public int? PatchSize { get; } = Of(Architecture.NoisyVit, Architecture, PatchSize, 4, nameof(PatchSize));

    /// <inheritdoc cref="NetworkSection"/>
    public int? Dimension { get; } = Of(Architecture.NoisyVit, Architecture, Dimension, 64, nameof(Dimension));

    /// <inheritdoc cref="NetworkSection"/>
    public int? Depth { get; } =
        Architecture == Architecture.NoisyResnet ? Depth ?? 18 : Of(Architecture.NoisyVit, Architecture, Depth, 4, nameof(Depth));

    /// <inheritdoc cref="NetworkSection"/>
    public int? Heads { get; } =
        Of(Architecture.NoisyVit, Architecture, Heads, 4, nameof(Heads)) is not { } heads || (Dimension ?? 64) % heads == 0
            ? Of(Architecture.NoisyVit, Architecture, Heads, 4, nameof(Heads))
            : throw new ArgumentException(
                $"heads must divide the dimension: {Dimension ?? 64} cannot be split over {heads} heads",
                nameof(Heads)
            );

    /// <inheritdoc cref="NetworkSection"/>
    public int? MlpDimension { get; } = Of(Architecture.NoisyVit, Architecture, MlpDimension, 2 * (Dimension ?? 64), nameof(MlpDimension));

    /// <inheritdoc cref="NetworkSection"/>
    public double? Dropout { get; } = Of(Architecture.NoisyVit, Architecture, Dropout, 0, nameof(Dropout));

    /// <inheritdoc cref="NetworkSection"/>
    public int? Width { get; } = Of(Architecture.NoisyResnet, Architecture, Width, 64, nameof(Width));

    /// <inheritdoc cref="NetworkSection"/>
    public ResNetStem? Stem { get; } = Of(Architecture.NoisyResnet, Architecture, Stem, ResNetStem.Small, nameof(Stem));

    /// <inheritdoc cref="NetworkSection"/>
    public IReadOnlyList<int>? Widths { get; } =
        Architecture == Architecture.AllCnn ? Widths ?? [96, 192]
        : Widths is null ? null
        : throw new ArgumentException(
            $"it belongs to another architecture than {Yaml.RecordSchema.Word(Architecture)}; leave it out",
            nameof(Widths)
        );

    /// <inheritdoc cref="NetworkSection"/>
    public int? FilterPercentage { get; } = Of(Architecture.AllCnn, Architecture, FilterPercentage, 100, nameof(FilterPercentage));

    /// <inheritdoc cref="NetworkSection"/>
    public double? InputKeepProbability { get; } =
        Of(Architecture.AllCnn, Architecture, InputKeepProbability, 0.8, nameof(InputKeepProbability));

    /// <inheritdoc cref="NetworkSection"/>
    public DropoutKind? DropoutKind { get; } =
        Of(Architecture.AllCnn, Architecture, DropoutKind, Models.Layers.DropoutKind.Information, nameof(DropoutKind));

    /// <inheritdoc cref="NetworkSection"/>
    public InformationPrior? Prior { get; } = Of(Architecture.AllCnn, Architecture, Prior, InformationPrior.LogUniform, nameof(Prior));

    /// <inheritdoc cref="NetworkSection"/>
    public double? Beta { get; } =
        Of(Architecture.AllCnn, Architecture, Beta, DropoutKind is Models.Layers.DropoutKind.Variational ? 1 : 3, nameof(Beta));

    /// <inheritdoc cref="NetworkSection"/>
    public double? MaxAlpha { get; } = Of(Architecture.AllCnn, Architecture, MaxAlpha, 0.7, nameof(MaxAlpha));

    /// <inheritdoc cref="NetworkSection"/>
    public double? KeepProbability { get; } = Of(Architecture.AllCnn, Architecture, KeepProbability, 0.5, nameof(KeepProbability));

    /// <summary>Whether the network has noise of its own, whatever else the experiment adds.</summary>
    public bool HasDropout => DropoutKind is { } kind && kind != Models.Layers.DropoutKind.None;

    /// <summary>A key's value where its architecture is chosen, or else nothing.</summary>
    static T? Of<T>(Architecture owner, Architecture chosen, T? value, T otherwise, string key)
        where T : struct =>
        owner == chosen ? value ?? otherwise
        : value is null ? null
        : throw new ArgumentException($"it belongs to another architecture than {Yaml.RecordSchema.Word(chosen)}; leave it out", key);
}
