using NoisyNN.Models.Onnx.Graphs;

namespace NoisyNN.Models.Networks;

/// <summary>What a network's folder tells the rest of the library and the program about it.</summary>
public abstract class NetworkArchitecture
{
    private protected NetworkArchitecture() { }

    /// <summary>Its name in kebab-case, as experiment files and network files spell it.</summary>
    public abstract string Name { get; }

    /// <summary>The record of its sizes, whose public properties are the keys in experiment files.</summary>
    public abstract Type ConfigurationType { get; }

    /// <summary>The network in its usual sizes.</summary>
    public virtual IReadOnlyList<NamedNetwork> Networks => [];

    /// <summary>The output of the network's ONNX files that holds what its head reads, as its graph names it.</summary>
    public virtual string FeaturesOutput => TensorNames.Features;

    /// <summary>The default sizes.</summary>
    public abstract NetworkConfiguration CreateConfiguration();
}

/// <summary>
/// An architecture by the record of its sizes. A class that derives from it adds the usual sizes, and joins the registry by
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
