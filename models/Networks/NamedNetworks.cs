namespace NoisyNN.Models.Networks;

/// <summary>A network in one of its usual sizes.</summary>
/// <param name="Name">In kebab-case: architecture, size and, where there are several, the side of its images or the features of a
/// row.</param>
/// <param name="Configuration">Its sizes.</param>
public sealed record NamedNetwork(string Name, ClassifierConfiguration Configuration);

/// <summary>
/// The classifiers in their published sizes, small ones for small images, and heads for embeddings: what the registered architectures
/// name (<see cref="NetworkArchitecture.Networks"/>).
/// </summary>
public static class NamedNetworks
{
    /// <summary>Every one of them, architecture by architecture.</summary>
    public static IReadOnlyList<NamedNetwork> All => [.. NetworkArchitectures.All.SelectMany(architecture => architecture.Networks)];

    /// <summary>The network of this name; null where there is none.</summary>
    public static NamedNetwork? Find(string name) => All.FirstOrDefault(network => network.Name == name);
}
