using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.ResNet;

[assembly: NetworkArchitecture(typeof(NoisyResNetArchitecture))]

namespace NoisyNN.Models.Networks.ResNet;

/// <summary>The residual network in the registry.</summary>
sealed class NoisyResNetArchitecture : NetworkArchitecture<NoisyResNetConfiguration>
{
    /// <inheritdoc/>
    public override IReadOnlyList<NamedNetwork> Networks { get; } =
    [
        new("noisy-resnet-18", NoisyResNetConfiguration.ResNet18()),
        new("noisy-resnet-34", NoisyResNetConfiguration.ResNet34()),
        new("noisy-resnet-50", NoisyResNetConfiguration.ResNet50()),
        new("noisy-resnet-18-micro-28", NoisyResNetConfiguration.Micro(28)),
        new("noisy-resnet-18-micro-32", NoisyResNetConfiguration.Micro(32, channels: 3)),
        new("noisy-resnet-18-micro-64", NoisyResNetConfiguration.Micro(64, channels: 3)),
    ];
}
