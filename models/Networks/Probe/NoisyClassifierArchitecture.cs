using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Probe;

[assembly: NetworkArchitecture(typeof(NoisyClassifierArchitecture))]

namespace NoisyNN.Models.Networks.Probe;

/// <summary>The classifier of vectors in the registry.</summary>
sealed class NoisyClassifierArchitecture : NetworkArchitecture<NoisyClassifierConfiguration>
{
    /// <inheritdoc/>
    public override string FeaturesOutput => NoisyClassifierGraph.HiddenName;

    /// <inheritdoc/>
    public override IReadOnlyList<NamedNetwork> Networks { get; } =
    [
        new("noisy-classifier-768", new NoisyClassifierConfiguration { FeatureCount = 768, ClassCount = 1000 }),
        new(
            "noisy-classifier-768-hidden-256",
            new NoisyClassifierConfiguration
            {
                FeatureCount = 768,
                HiddenDimension = 256,
                ClassCount = 1000,
            }
        ),
    ];
}
