namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>One half of an autoencoder in a usual size, as a file of its own holds it.</summary>
/// <param name="Name">In kebab-case: architecture, posterior where it is not the default, the side of its images, and the half.</param>
/// <param name="Configuration">The sizes of the whole.</param>
/// <param name="IsDecoder">Whether it goes from codes to pixels, not from pixels to codes.</param>
public sealed record NamedAutoencoder(string Name, InformationVaeConfiguration Configuration, bool IsDecoder)
{
    /// <summary>Every one of them.</summary>
    public static IReadOnlyList<NamedAutoencoder> All { get; } =
    [
        new("information-vae-28-encoder", new(), IsDecoder: false),
        new("information-vae-28-decoder", new(), IsDecoder: true),
        new("information-vae-gaussian-28-encoder", new() { Posterior = VaePosterior.Gaussian }, IsDecoder: false),
        new("information-vae-gaussian-28-decoder", new() { Posterior = VaePosterior.Gaussian }, IsDecoder: true),
    ];

    /// <summary>The shape of a row of its input: pixels [C, H, W], or a code [D].</summary>
    public IReadOnlyList<int> InputShape => IsDecoder ? [Configuration.LatentDimension] : Configuration.InputShape;

    /// <summary>The number of trained values in this half, from the sizes alone.</summary>
    public long ParameterCount => IsDecoder ? Configuration.DecoderParameterCount : Configuration.EncoderParameterCount;

    /// <summary>The half of this name; null where there is none.</summary>
    public static NamedAutoencoder? Find(string name) => All.FirstOrDefault(half => half.Name == name);
}
