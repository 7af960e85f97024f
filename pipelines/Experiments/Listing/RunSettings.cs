using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Pipelines.Experiments.Listing;

/// <summary>The settings of a run as keys with dots, such as <c>training.epochs</c>.</summary>
static class RunSettings
{
    // They tell runs apart, and change nothing in what is trained.
    static readonly string[] s_names = ["name", "claim"];

    /// <summary>The settings of one run; none if its declaration is damaged.</summary>
    /// <param name="declaration">What was declared, as YAML.</param>
    public static IReadOnlyDictionary<string, string> Of(string declaration) =>
        (YamlText.TryFlatten(declaration) ?? new Dictionary<string, string>())
            .Where(setting => !s_names.Contains(setting.Key))
            .ToDictionary();

    /// <summary>The settings that a run has and another one has not, or has with another value; those that it lacks are empty.</summary>
    public static IReadOnlyList<(string Key, string Value)> Changes(
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> now
    ) =>
        [
            .. now.Where(setting => before.GetValueOrDefault(setting.Key) != setting.Value).Select(setting => (setting.Key, setting.Value)),
            .. before.Keys.Where(key => !now.ContainsKey(key)).Select(key => (key, "")),
        ];

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
