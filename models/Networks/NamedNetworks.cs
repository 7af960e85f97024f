namespace NoisyNN.Models.Networks;

/// <summary>A network in one of its usual sizes.</summary>
/// <param name="Name">The name in kebab-case: architecture, size and, if there are several, the side of its images or the number of its
/// features.</param>
/// <param name="Configuration">The sizes.</param>
public sealed record NamedNetwork(string Name, ClassifierConfiguration Configuration);

/// <summary>
/// The classifiers in their published sizes, small ones for small images, and heads for embeddings. The registered architectures define
/// them (<see cref="NetworkArchitecture.Networks"/>).
/// </summary>
public static class NamedNetworks
{
    /// <summary>All of them, architecture by architecture.</summary>
    public static IReadOnlyList<NamedNetwork> All => [.. NetworkArchitectures.All.SelectMany(architecture => architecture.Networks)];

    /// <summary>The network of this name; null if there is none.</summary>
    public static NamedNetwork? Find(string name) => All.FirstOrDefault(network => network.Name == name);
}
