using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.AllConvolutional;

[assembly: NetworkArchitecture(typeof(AllCnnArchitecture))]

namespace NoisyNN.Models.Networks.AllConvolutional;

/// <summary>The all-convolutional network in the registry.</summary>
sealed class AllCnnArchitecture : NetworkArchitecture<AllCnnConfiguration>
{
    /// <inheritdoc/>
    public override IReadOnlyList<NamedNetwork> Networks { get; } =
    [
        new("all-cnn-32", AllCnnConfiguration.ForCifar()),
        new("all-cnn-96", AllCnnConfiguration.ForClutteredMnist()),
        new("all-cnn-micro-28", new AllCnnConfiguration { ClassCount = 10, FilterPercentage = 25 }),
    ];
}
