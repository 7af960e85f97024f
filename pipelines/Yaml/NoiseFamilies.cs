using System.Reflection;
using System.Text.Json;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Severity;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// The noise families that an experiment file can name: the noise records, whose parameters are the keys, and the severities of ImageNet-C,
/// which create such records.
/// </summary>
public static class NoiseFamilies
{
    static readonly (string Name, MethodBase Maker)[] Known =
    [
        .. typeof(NoiseDefinition)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(NoiseDefinition)) && !type.IsAbstract)
            .Select(record => (NameOf(record), (MethodBase)RecordSchema.Constructor(record)))
            .OrderBy(family => family.Item1, StringComparer.Ordinal),
        .. new (string Name, Func<int, NoiseDefinition> Make)[]
        {
            ("imagenet-c-gaussian", ImageNetC.Gaussian),
            ("imagenet-c-shot", ImageNetC.Shot),
            ("imagenet-c-impulse", ImageNetC.Impulse),
            ("imagenet-c-speckle", ImageNetC.Speckle),
        }.Select(vocabulary => (vocabulary.Name, (MethodBase)vocabulary.Make.Method)),
    ];

    /// <summary>The names, as they are written after <c>family:</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(family => family.Name)];

    /// <summary>The constructor or method for a noise of that name, whose parameters are the keys; null for an unknown name.</summary>
    public static MethodBase? Find(string name) => Known.FirstOrDefault(family => family.Name == name).Maker;

    /// <summary>The name for a type: circular-shift for CircularShiftNoise.</summary>
    static string NameOf(Type record) => JsonNamingPolicy.KebabCaseLower.ConvertName(record.Name[..^"Noise".Length]);
}
