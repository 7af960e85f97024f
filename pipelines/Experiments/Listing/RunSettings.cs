using NoisyNN.Pipelines.Yaml;

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
        var settings = declarations.Select(YamlText.Flatten).ToList();
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
}
