using NoisyNN.Pipelines.Yaml;
using NoisyNN.Pipelines.Yaml.Assignments;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Experiments.Listing;

/// <summary>The settings of a run as keys with dots, such as <c>training.epochs</c>.</summary>
static class RunSettings
{
    // They tell runs apart, and change nothing in what is trained.
    static readonly string[] s_names = ["name", "claim"];

    /// <summary>The settings in which runs differ, in the order of their declarations: for each key, the value in each run.</summary>
    /// <param name="declarations">What was declared for each run, as YAML.</param>
    public static IReadOnlyList<(string Key, IReadOnlyList<string> Values)> Differences(IReadOnlyList<string> declarations)
    {
        var settings = declarations.Select(Flatten).ToList();
        return
        [
            .. settings
                .SelectMany(run => run.Keys)
                .Distinct()
                .Where(key => !s_names.Contains(key))
                .Select(key => (key, (IReadOnlyList<string>)[.. settings.Select(run => run.GetValueOrDefault(key, ""))]))
                .Where(row => row.Item2.Distinct().Count() > 1),
        ];
    }

    static Dictionary<string, string> Flatten(string declaration)
    {
        var flat = new Dictionary<string, string>();
        foreach (var document in YamlText.Load(declaration))
            Add(flat, "", document.RootNode);
        return flat;
    }

    static void Add(Dictionary<string, string> flat, string path, YamlNode node)
    {
        if (node is not YamlMappingNode mapping || mapping.Children.Count == 0)
        {
            flat[path] = FlowText.Of(node);
            return;
        }
        foreach (var (key, value) in mapping.Children)
            Add(flat, path.Length == 0 ? $"{key}" : $"{path}.{key}", value);
    }
}
