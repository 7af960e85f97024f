namespace NoisyNN.Models.Networks;

/// <summary>Lets an architecture join the registry. It stands in the network's own folder.</summary>
/// <param name="architecture">A <see cref="NetworkArchitecture"/> with a constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class NetworkArchitectureAttribute(Type architecture) : Attribute
{
    /// <summary>The architecture's class.</summary>
    public Type Architecture => architecture;
}
