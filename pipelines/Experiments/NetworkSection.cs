using System.ComponentModel.DataAnnotations;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>The networks that an experiment file can name.</summary>
public enum Architecture
{
    /// <summary>A vision transformer (pre-norm, patch embedding, class token) with a place for noise.</summary>
    NoisyVit,
}

/// <summary>The network's architecture and sizes; the image size, channels and classes come from the data.</summary>
/// <param name="Architecture">Which network.</param>
/// <param name="PatchSize">Side of a patch in pixels; it divides the image's side.</param>
/// <param name="Dimension">Width of a token.</param>
/// <param name="Depth">Number of blocks.</param>
/// <param name="Heads">Attention heads; they divide the dimension.</param>
/// <param name="MlpDimension">Width inside the MLP of a block; twice the dimension when left out.</param>
/// <param name="Dropout">Dropout probability.</param>
public sealed record NetworkSection(
    Architecture Architecture = Architecture.NoisyVit,
    [Range(1, 256)] int PatchSize = 4,
    [Range(1, 4096)] int Dimension = 64,
    [Range(1, 100)] int Depth = 4,
    [Range(1, 256)] int Heads = 4,
    [Range(1, 65536)] int? MlpDimension = null,
    [Range(0.0, 1.0, MaximumIsExclusive = true)] double Dropout = 0)
{
    /// <inheritdoc cref="NetworkSection"/>
    public int Heads { get; } = Dimension % Heads == 0
        ? Heads
        : throw new ArgumentException($"heads must divide the dimension: {Dimension} cannot be split over {Heads} heads", nameof(Heads));
}
