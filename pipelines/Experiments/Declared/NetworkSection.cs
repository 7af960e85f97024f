using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Autoencoder;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>
/// The network's architecture and sizes. The image size, channels and classes come from the data. A key of another architecture is refused.
/// </summary>
/// <param name="Configuration">The sizes. <c>architecture</c> (noisy-vit when left out) chooses their record, whose properties are the
/// keys.</param>
/// <param name="Pretrained">A safetensors file of weights to begin with, relative to the working directory; random weights when left
/// out.</param>
public sealed record NetworkSection(NetworkConfiguration Configuration, string? Pretrained = null)
{
    /// <summary>Whether the network is an autoencoder, which learns to code its images and knows no classes.</summary>
    internal bool IsAutoencoder => Configuration is InformationVaeConfiguration;

    /// <inheritdoc cref="NetworkSection"/>
    public string? Pretrained { get; } =
        Pretrained is not null && Configuration is InformationVaeConfiguration
            ? throw new ArgumentException("no files of weights for autoencoders are known; leave it out", nameof(Pretrained))
            : Pretrained;
}
