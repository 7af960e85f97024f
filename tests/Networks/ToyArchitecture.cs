using NoisyNN.Models.Networks;
using NoisyNN.Tests.Networks;

[assembly: NetworkArchitecture(typeof(ToyArchitecture))]

namespace NoisyNN.Tests.Networks;

/// <summary>The toy network in the registry.</summary>
sealed class ToyArchitecture : NetworkArchitecture<ToyConfiguration>
{
    public override string FeaturesOutput => ToyGraph.HiddenUnits;

    public override IReadOnlyList<NamedNetwork> Networks { get; } = [new("toy-6", new ToyConfiguration { ImageSize = 6, ClassCount = 3 })];
}
