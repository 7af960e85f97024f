using System.Text.Json;
using System.Text.Json.Serialization;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Experiments.Listing;

/// <summary>A run as the files of its folder tell it.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Finished">When it ended; null for one that has not.</param>
/// <param name="Data">The data set; null for a run that has not ended.</param>
/// <param name="DataSha256">The fingerprint of the data set.</param>
/// <param name="Trials">How many trainings stand behind each figure: seeds or folds.</param>
/// <param name="Figures">What each network, or each setting of a sweep, is judged by.</param>
/// <param name="Verdict">What may be said of the difference of its networks; null where it makes no such comparison.</param>
sealed record RunRecord(
    string Folder,
    DateTimeOffset? Finished,
    string? Data,
    string? DataSha256,
    int Trials,
    IReadOnlyList<RunFigure> Figures,
    string? Verdict
)
{
    /// <summary>The number of test rows; null for a run that has not ended.</summary>
    [JsonIgnore]
    public long? TestRows { get; init; }

    /// <summary>Whether the figures are those of folds, which share training rows.</summary>
    [JsonIgnore]
    public bool AreFolds { get; init; }

    /// <summary>
    /// The 95 % interval of a figure: of the mean of several trainings, or of one training's share of test rows. Null if it is unknown.
    /// </summary>
    public Interval? IntervalOf(RunFigure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return figure switch
        {
            { Each.Count: > 1 } => (AreFolds ? MeanEstimate.OfFolds(figure.Each) : MeanEstimate.OfSample(figure.Each))?.Interval(),
            { Unit: null } when TestRows is > 0 and <= int.MaxValue => Interval.OfShare(
                (int)Math.Round(figure.Mean * TestRows.Value),
                (int)TestRows
            ),
            _ => null,
        };
    }

    /// <summary>The name of the folder.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Folder));

    /// <summary>The runs of a folder of runs, the newest last. Those that have not ended come first.</summary>
    /// <exception cref="InvalidDataException">A <c>summary.json</c> is damaged.</exception>
    public static IReadOnlyList<RunRecord> ReadAll(string root) => InOrder(FoldersOf(root).Select(Read));

    /// <summary>The folders of the runs in a folder of runs.</summary>
    public static IEnumerable<string> FoldersOf(string root) =>
        new DirectoryInfo(root)
            .EnumerateDirectories()
            // 'latest' is a link to one of the others, and a name with a dot in front is that of a run that is being removed.
            .Where(folder => folder.LinkTarget is null && folder.Name[0] != '.' && IsRun(folder.FullName))
            .Select(folder => Path.Combine(root, folder.Name));

    /// <summary>Runs with the newest last. Those that have not ended come first.</summary>
    public static IReadOnlyList<RunRecord> InOrder(IEnumerable<RunRecord> runs) =>
        [.. runs.OrderBy(run => run.Finished).ThenBy(run => run.Name, StringComparer.Ordinal)];

    /// <summary>The run in a folder.</summary>
    /// <exception cref="IOException">The folder holds no run.</exception>
    /// <exception cref="InvalidDataException">Its <c>summary.json</c> is damaged.</exception>
    public static RunRecord Read(string folder)
    {
        if (!IsRun(folder))
            throw new IOException($"{folder} is not the folder of a run: it has no {RunFolder.ExperimentFileName}.");
        var path = Path.Combine(folder, RunFolder.SummaryFileName);
        if (!File.Exists(path))
            return new RunRecord(folder, null, null, null, 0, [], null);
        try
        {
            using var summary = JsonDocument.Parse(File.ReadAllText(path));
            return Read(folder, summary.RootElement);
        }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException(
                $"{path} is no summary that this program wrote ({damaged.Message}). Move its folder away, or repeat the run.",
                damaged
            );
        }
    }

    /// <summary>What was declared for it, as YAML.</summary>
    public string ReadDeclaration() => File.ReadAllText(Path.Combine(Folder, RunFolder.ExperimentFileName));

    /// <summary>Whether a folder holds a run.</summary>
    public static bool IsRun(string folder) => File.Exists(Path.Combine(folder, RunFolder.ExperimentFileName));

    static RunRecord Read(string folder, JsonElement summary)
    {
        var single = summary.TryGetProperty("runs", out var runs) ? summary : Nested(summary);
        var figures = FiguresOf(summary);
        return new RunRecord(
            folder,
            summary.GetProperty("finished").GetDateTimeOffset(),
            single.GetProperty("dataset").GetProperty("name").GetString(),
            single.GetProperty("dataset").GetProperty("sha256").GetString(),
            figures.Max(figure => figure.Each.Count),
            figures,
            VerdictOf(summary)
        )
        {
            TestRows = single.GetProperty("dataset").GetProperty("test").GetInt64(),
            AreFolds = HasFolds(summary),
        };
    }

    /// <summary>A trial of a fold says so: "fold 2".</summary>
    static bool HasFolds(JsonElement summary) =>
        summary.TryGetProperty("replicates", out var replicates)
            ? replicates[0].GetProperty("name").GetString()!.StartsWith("fold", StringComparison.Ordinal)
            : summary.TryGetProperty("trials", out var trials)
                && trials[0].TryGetProperty("replicate", out var replicate)
                && replicate.GetString()!.StartsWith("fold", StringComparison.Ordinal);

    /// <summary>A summary of several trainings has that of the data itself, or in each of them.</summary>
    static JsonElement Nested(JsonElement summary) =>
        summary.TryGetProperty("dataset", out _) ? summary : summary.GetProperty("replicates")[0].GetProperty("summary");

    static List<RunFigure> FiguresOf(JsonElement summary)
    {
        if (summary.TryGetProperty("runs", out var runs))
            return [.. runs.EnumerateArray().Select(run => Figure(run.GetProperty("name").GetString()!, [run]))];
        if (summary.TryGetProperty("replicates", out var replicates))
            return
            [
                .. replicates
                    .EnumerateArray()
                    .SelectMany(replicate => replicate.GetProperty("summary").GetProperty("runs").EnumerateArray())
                    .GroupBy(run => run.GetProperty("name").GetString()!)
                    .Select(trainings => Figure(trainings.Key, [.. trainings])),
            ];
        return
        [
            .. summary
                .GetProperty("trials")
                .EnumerateArray()
                // One that was stopped early has no figure.
                .Where(trial => trial.TryGetProperty("test", out _))
                .GroupBy(trial => trial.GetProperty("point").GetString()!)
                .Select(trials => new RunFigure(
                    trials.Key,
                    [.. trials.Select(trial => trial.GetProperty("test").GetDouble())],
                    trials.First().TryGetProperty("unit", out var unit) ? unit.GetString() : null
                )),
        ];
    }

    static RunFigure Figure(string name, List<JsonElement> trainings) =>
        trainings[0].TryGetProperty("bound", out _)
            ? new RunFigure(name, [.. trainings.Select(run => run.GetProperty("bound").GetProperty("test").GetDouble())], "nats")
            : new RunFigure(name, [.. trainings.Select(run => run.GetProperty("testAccuracy").GetDouble())], null);

    static string? VerdictOf(JsonElement summary) =>
        summary.TryGetProperty("difference", out var difference)
        && difference.TryGetProperty("effect", out var effect)
        && effect.TryGetProperty("verdict", out var verdict)
            ? EffectText.Word(verdict.Deserialize<EffectVerdict>())
            : null;
}

/// <summary>What a network, or a setting of a sweep, is judged by: test accuracies, or bounds.</summary>
/// <param name="Name">The network or the setting.</param>
/// <param name="Each">The figure of each seed or fold, in their order.</param>
/// <param name="Unit">"nats" of bounds; null of accuracies, which are shares.</param>
sealed record RunFigure(string Name, IReadOnlyList<double> Each, string? Unit)
{
    /// <summary>The mean.</summary>
    public double Mean => Each.Average();

    /// <summary>The sample standard deviation; null of one figure.</summary>
    public double? Deviation => Each.Count > 1 ? MeanAndDeviation.Of([.. Each]).StandardDeviation : null;
}
