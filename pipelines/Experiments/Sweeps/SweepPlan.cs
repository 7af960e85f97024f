using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Pipelines.Yaml.Assignments;

namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>
/// The trials of an experiment: every arm, with every combination of the grid and every sample, for every seed or fold. The same
/// declaration gives the same trials in the same order.
/// </summary>
public static class SweepPlan
{
    const int MostTrials = 100_000;
    const string Origin = "sweep";

    /// <summary>The section that a trial does not have.</summary>
    internal const string SweepKey = "sweep";

    /// <summary>The trials; none where the experiment is a single run.</summary>
    /// <exception cref="DeclarationException">A range is not valid, or nothing is left to run.</exception>
    public static IReadOnlyList<Trial> Of(Experiment experiment)
    {
        var replicates = Replicates(experiment);
        if (experiment.Sweep is null && replicates.Count == 0)
            return [];
        var points = experiment.Sweep is { } sweep ? Points(sweep) : [new SweepPoint("", "", null, [])];
        var runs = (from point in points from replicate in replicates.DefaultIfEmpty() select (point, replicate)).ToList();
        if (runs.Count > MostTrials)
            throw new DeclarationException(Origin, $"the sweep has {runs.Count} trials; at most {MostTrials} are run. Use fewer values");
        return
        [
            .. runs.Select(
                (run, index) =>
                    new Trial(
                        index,
                        Join('.', run.point.Name, run.replicate?.Name) is { Length: > 0 } name ? name : "trial",
                        run.point,
                        run.replicate
                    )
            ),
        ];
    }

    static List<Replicate?> Replicates(Experiment experiment) =>
        experiment switch
        {
            { Seeds.Count: > 1 } => [.. experiment.Seeds.Select(seed => Replicate("seed", seed, "seed"))],
            { Data: { Folds: { } folds, JudgingFold: null } } =>
            [
                .. Enumerable.Range(1, folds).Select(fold => Replicate("fold", fold, "data.fold")),
            ],
            _ => [],
        };

    static Replicate Replicate(string word, int number, string key) =>
        new($"{word}-{number}", $"{word} {number}", new Assignment(key, number.ToString(CultureInfo.InvariantCulture), Origin));

    static List<SweepPoint> Points(SweepSection sweep)
    {
        // A trial is a run of its own: it sweeps nothing.
        var single = new Assignment(SweepKey, "", Origin);
        var combinations = Combinations(sweep).Where(settings => !IsExcluded(sweep, settings)).ToList();
        ArmSection?[] arms = sweep.Arms.Count > 0 ? [.. sweep.Arms] : [null];
        List<SweepPoint> points =
        [
            .. from arm in arms
            from combination in combinations.Select((settings, index) => (settings, index))
            select new SweepPoint(
                Join('.', arm?.Name, combinations.Count > 1 ? $"point-{combination.index + 1}" : null),
                Join(',', [arm?.Name, .. combination.settings.Select(Words)]),
                arm?.Name,
                [single, .. arm?.Set ?? [], .. combination.settings]
            ),
        ];
        return points.Count > 0 ? points : throw new DeclarationException(Origin, "'exclude' leaves no trial; exclude less");
    }

    static IEnumerable<IReadOnlyList<Assignment>> Combinations(SweepSection sweep)
    {
        IEnumerable<IReadOnlyList<Assignment>> grid =
        [
            [],
        ];
        var count = 1.0 * (sweep.Samples ?? 1);
        foreach (var key in sweep.Grid)
        {
            var values = ParameterValues.Of(key).All(key);
            if ((count *= values.Count) > MostTrials)
                throw new DeclarationException(key.Origin, $"the grid has more than {MostTrials} combinations; use fewer values");
            grid = grid.SelectMany(settings => values.Select(value => (IReadOnlyList<Assignment>)[.. settings, value]));
        }
        var samples = Samples(sweep);
        return grid.SelectMany(settings => samples.Select(sample => (IReadOnlyList<Assignment>)[.. settings, .. sample]));
    }

    static List<IReadOnlyList<Assignment>> Samples(SweepSection sweep)
    {
        var keys = sweep.Random.Select(key => (Key: key, Values: ParameterValues.Of(key))).ToList();
        return [.. Enumerable.Range(0, sweep.Samples ?? 1).Select(Sample)];

        IReadOnlyList<Assignment> Sample(int index) =>
            [.. keys.Select(key => key.Values.At(key.Key, Share(sweep.SampleSeed, index, key.Values.Path)))];
    }

    /// <summary>
    /// Uniform from 0 below 1: a pure function on every machine. A key keeps its values when other keys are added.
    /// </summary>
    static double Share(int seed, int sample, string path)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed} {sample} {path}")));
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 11) * (1.0 / (1UL << 53));
    }

    static bool IsExcluded(SweepSection sweep, IReadOnlyList<Assignment> settings) =>
        sweep.Exclude?.Any(exclusion =>
            exclusion.All(key =>
                settings.LastOrDefault(setting => setting.Path == key.Path) is { } setting
                && ParameterValues.Of(key).Contains(setting.Value)
            )
        ) == true;

    /// <summary>A setting in a title: the last part of its key, and its value.</summary>
    static string Words(Assignment setting) => $"{setting.Path[(setting.Path.LastIndexOf('.') + 1)..]} {setting.Value}";

    static string Join(char separator, params IEnumerable<string?> parts) =>
        string.Join(separator == ',' ? ", " : $"{separator}", parts.Where(part => !string.IsNullOrEmpty(part)));
}
