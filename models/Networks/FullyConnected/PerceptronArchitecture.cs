using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.FullyConnected;

[assembly: NetworkArchitecture(typeof(PerceptronArchitecture))]

namespace NoisyNN.Models.Networks.FullyConnected;

/// <summary>The perceptron in the registry.</summary>
sealed class PerceptronArchitecture : NetworkArchitecture<PerceptronConfiguration>
{
    /// <inheritdoc/>
    public override IReadOnlyList<NamedNetwork> Networks { get; } = [new("perceptron-28", new PerceptronConfiguration { ClassCount = 10 })];
}
