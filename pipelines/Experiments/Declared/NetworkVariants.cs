using NoisyNN.Pipelines.Yaml;
using NoisyNN.Pipelines.Yaml.Schema;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>
/// Which keys <c>network:</c> has with each architecture. The section itself says so: it fills in the defaults of its architecture, and
/// leaves the keys of the others empty. A key that all of them leave empty belongs to each.
/// </summary>
static class NetworkVariants
{
    const string Key = "architecture";

    /// <summary>One variant for each architecture.</summary>
    public static SectionVariants All { get; } = Create();

    static SectionVariants Create()
    {
        var keys = SectionShape.Of(typeof(NetworkSection)).Keys;
        var sections = Enum.GetValues<Architecture>().Select(architecture => new NetworkSection(architecture)).ToList();
        var shared = keys.Where(key => sections.TrueForAll(section => key.Value(section) is null)).ToList();
        return new(
            Key,
            RecordSchema.Word(new NetworkSection().Architecture),
            [
                .. sections.Select(section => new SectionVariant(
                    RecordSchema.Word(section.Architecture),
                    Description: null,
                    [
                        .. keys.Where(key => key.Key != Key && (shared.Contains(key) || key.Value(section) is not null))
                            .Select(key => key.WithDefault(key.Value(section))),
                    ]
                )),
            ]
        );
    }
}
