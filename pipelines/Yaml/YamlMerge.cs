using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// Merge keys of YAML 1.1: <c>&lt;&lt;: *defaults</c> adds those keys of another section that a section lacks.
/// </summary>
static class YamlMerge
{
    static readonly YamlScalarNode s_key = new("<<") { Style = ScalarStyle.Plain };

    /// <summary>
    /// Adds the merged keys to the sections. Anything but a section stays under its key, which is then refused as unknown.
    /// </summary>
    public static void Apply(YamlNode root) => Apply(root, new(ReferenceEqualityComparer.Instance));

    static void Apply(YamlNode node, HashSet<YamlNode> done)
    {
        if (!done.Add(node))
            return;
        switch (node)
        {
            case YamlSequenceNode list:
                foreach (var item in list.Children)
                    Apply(item, done);
                break;
            case YamlMappingNode section:
                foreach (var (_, value) in section.Children)
                    Apply(value, done);
                Merge(section);
                break;
            default:
                break;
        }
    }

    static void Merge(YamlMappingNode section)
    {
        if (!section.Children.TryGetValue(s_key, out var merged))
            return;
        YamlMappingNode[] sources = merged switch
        {
            YamlMappingNode one => [one],
            YamlSequenceNode several when several.Children.All(source => source is YamlMappingNode) =>
            [
                .. several.Children.Cast<YamlMappingNode>(),
            ],
            _ => [],
        };
        if (sources.Length == 0)
            return;
        section.Children.Remove(s_key);
        foreach (var (key, value) in sources.SelectMany(source => source.Children))
            section.Children.TryAdd(key, value);
    }
}
