using NoisyNN.Models.Onnx.Graphs;

namespace NoisyNN.Models.Networks;

/// <summary>The facts about an architecture that the rest of the library and the program need.</summary>
public abstract class NetworkArchitecture
{
    private protected NetworkArchitecture() { }

    /// <summary>Its name in kebab-case, as experiment files and network files spell it.</summary>
    public abstract string Name { get; }

    /// <summary>The record of its sizes, whose public properties are the keys in experiment files.</summary>
    public abstract Type ConfigurationType { get; }

    /// <summary>The network in its usual sizes.</summary>
    public virtual IReadOnlyList<NamedNetwork> Networks => [];

    /// <summary>The name of the output of the network's ONNX files that holds the input of the head.</summary>
    public virtual string FeaturesOutput => TensorNames.Features;

    /// <summary>The default sizes.</summary>
    public abstract NetworkConfiguration CreateConfiguration();
}

/// <summary>
/// An architecture, identified by the record of its sizes. A derived class adds the usual sizes. It joins the registry by
/// <see cref="NetworkArchitectureAttribute"/> or <see cref="NetworkArchitectures.Register(NetworkArchitecture)"/>.
/// </summary>
/// <typeparam name="TConfiguration">The record of its sizes.</typeparam>
public class NetworkArchitecture<TConfiguration> : NetworkArchitecture
    where TConfiguration : NetworkConfiguration, new()
{
    /// <inheritdoc/>
    public sealed override string Name { get; } = new TConfiguration().Architecture;

    /// <inheritdoc/>
    public sealed override Type ConfigurationType => typeof(TConfiguration);

    /// <inheritdoc/>
    public sealed override NetworkConfiguration CreateConfiguration() => new TConfiguration();
}
