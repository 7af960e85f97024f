using NoisyNN.Models.Networks;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Pipelines.Yaml.Networks;
using NoisyNN.Pipelines.Yaml.Schema;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>The keys of <c>network:</c> for each architecture: those of its sizes, and those of the section itself.</summary>
static class NetworkVariants
{
    /// <summary>One variant for each registered architecture.</summary>
    public static SectionVariants All =>
        new(NetworkKeys.ArchitectureKey, NetworkKeys.DefaultArchitecture, [.. NetworkKeys.Architectures.Select(Of)]);

    static SectionVariant Of(NetworkArchitecture architecture)
    {
        var defaults = architecture.CreateConfiguration();
        return new(
            architecture.Name,
            XmlDocumentation.Of(architecture.ConfigurationType),
            [
                .. NetworkKeys.Of(architecture.ConfigurationType).Select(size => SectionKey.Of(size, defaults)),
                .. SectionShape.Of(typeof(NetworkSection)).Keys.Where(key => !key.IsNetwork),
            ]
        );
    }
}
