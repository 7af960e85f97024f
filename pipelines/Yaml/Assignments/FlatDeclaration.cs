using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Yaml.Assignments;

/// <summary>A declaration as keys with dots, such as <c>training.epochs</c>, and the text of each value.</summary>
static class FlatDeclaration
{
    /// <summary>Lists stay whole.</summary>
    public static IReadOnlyDictionary<string, string> Of(YamlNode root)
    {
        var flat = new Dictionary<string, string>();
        Add(flat, "", root);
        return flat;
    }

    static void Add(Dictionary<string, string> flat, string path, YamlNode node)
    {
        if (node is not YamlMappingNode { Children.Count: > 0 } mapping)
        {
            flat[path] = FlowText.Of(node);
            return;
        }
        foreach (var (key, value) in mapping.Children)
            Add(flat, path.Length == 0 ? $"{key}" : $"{path}.{key}", value);
    }
}
