using NoisyNN.Tests.Yaml;

namespace NoisyNN.Tests.Structure.Planted;

/// <summary>Uses another namespace in a lambda and nowhere else.</summary>
static class InALambda
{
    /// <summary>The other half of a cycle.</summary>
    public static Type Back { get; } = typeof(NamespaceGraph);

    public static Func<string> Name { get; } = () => nameof(NoiseFamiliesTests) + typeof(NoiseFamiliesTests).Name;
}
