namespace NoisyNN.Models.Networks;

/// <summary>Adds an architecture to the registry. Put it into the network's own folder.</summary>
/// <param name="architecture">A <see cref="NetworkArchitecture"/> with a constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class NetworkArchitectureAttribute(Type architecture) : Attribute
{
    /// <summary>The architecture's class.</summary>
    public Type Architecture => architecture;
}
