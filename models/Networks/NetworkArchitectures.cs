using System.Reflection;

namespace NoisyNN.Models.Networks;

/// <summary>
/// The registry of networks. The networks of this library are in it from the start. An application adds its own once, before it reads an
/// experiment file or a network file that names them. It is safe for concurrent use.
/// </summary>
public static class NetworkArchitectures
{
    static readonly Lock s_lock = new();
    static readonly SortedDictionary<string, NetworkArchitecture> s_registered = new(StringComparer.Ordinal);

    static NetworkArchitectures() => Register(typeof(NetworkArchitectures).Assembly);

    /// <summary>Every architecture, by name.</summary>
    public static IReadOnlyList<NetworkArchitecture> All
    {
        get
        {
            lock (s_lock)
                return [.. s_registered.Values];
        }
    }

    /// <summary>Adds an architecture. Adding the same class again changes nothing.</summary>
    /// <exception cref="ArgumentException">Another architecture or named network has a name of this one.</exception>
    public static void Register(NetworkArchitecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        lock (s_lock)
        {
            if (s_registered.TryGetValue(architecture.Name, out var known))
            {
                if (known.GetType() == architecture.GetType())
                    return;
                throw new ArgumentException(
                    $"The architecture '{architecture.Name}' is already registered, by {known.GetType()}; give this one another name.",
                    nameof(architecture)
                );
            }
            var names = s_registered.Values.SelectMany(other => other.Networks).Select(network => network.Name).ToHashSet();
            if (architecture.Networks.FirstOrDefault(network => !names.Add(network.Name)) is { } twin)
                throw new ArgumentException(
                    $"The architecture '{architecture.Name}' has a network '{twin.Name}', but that name is taken; choose another.",
                    nameof(architecture)
                );
            s_registered.Add(architecture.Name, architecture);
        }
    }

    /// <summary>Adds the architectures that an assembly declares by <see cref="NetworkArchitectureAttribute"/>.</summary>
    /// <exception cref="ArgumentException">Another architecture or named network has a name of one of them.</exception>
    public static void Register(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (var declared in assembly.GetCustomAttributes<NetworkArchitectureAttribute>())
            Register((NetworkArchitecture)Activator.CreateInstance(declared.Architecture, nonPublic: true)!);
    }

    /// <summary>The architecture of this name.</summary>
    /// <exception cref="ArgumentException">No architecture has the name; the message lists those that are known.</exception>
    public static NetworkArchitecture Find(string name) =>
        All.FirstOrDefault(architecture => architecture.Name == name)
        ?? throw new ArgumentException(
            $"the architecture '{name}' is unknown; the known ones are {string.Join(", ", All.Select(architecture => architecture.Name))}."
        );
}
