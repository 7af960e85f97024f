using NoisyNN.Models.Networks;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>
/// The network's architecture and sizes. The image size, channels and classes come from the data. A key of another architecture is refused.
/// </summary>
/// <param name="Configuration">The sizes. <c>architecture</c> (noisy-vit when left out) chooses their record, whose properties are the
/// keys.</param>
/// <param name="Pretrained">A safetensors file of weights to begin with, relative to the working directory; random weights when left
/// out.</param>
public sealed record NetworkSection(ImageNetworkConfiguration Configuration, string? Pretrained = null);
