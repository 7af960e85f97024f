using System.Text.Json;
using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Experiments.Claims;

/// <summary>
/// The folder of the runs of claims: <c>full/PAPER/NAME</c> and <c>quick/PAPER/NAME</c>. A verdict is derived from the files of a run
/// whenever it is asked for. A run with other settings, or another rule, than those of the claim's file counts for nothing.
/// </summary>
/// <param name="root">The folder.</param>
public sealed class ClaimRuns(string root)
{
    const string ResultFileName = "result.json";

    static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>The claim with its verdict: by its full run, else by its quick run, else without one.</summary>
    public ClaimResult Find(ClaimFile claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return Find(claim, isQuick: false) ?? (claim.Command is null ? Find(claim, isQuick: true) : null) ?? Unjudged(claim);
    }

    /// <summary>The claim with the verdict of its full or its quick run; null if there is none.</summary>
    public ClaimResult? Find(ClaimFile claim, bool isQuick)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return claim.Command is { } command
            ? FindResult(claim, command)
            : Folders(claim, isQuick).Where(SweepIsComplete).Select(folder => Judge(claim, folder, isQuick)).LastOrDefault();
    }

    /// <summary>Where the runs of a claim are.</summary>
    public string FolderOf(ClaimFile claim, bool isQuick) => Path.Combine(root, isQuick ? "quick" : "full", claim.Paper);

    /// <summary>Whether a run of the claim, with its present settings, was interrupted.</summary>
    public bool IsInterrupted(ClaimFile claim, bool isQuick) =>
        Folders(claim, isQuick).LastOrDefault() is { } last && !SweepIsComplete(last);

    /// <summary>Keeps what a command printed.</summary>
    public void Write(ClaimFile claim, string json, double seconds)
    {
        ArgumentNullException.ThrowIfNull(claim);
        var folder = ResultFolder(claim);
        Directory.CreateDirectory(folder);
        var result = new JsonObject
        {
            ["command"] = new JsonArray([.. claim.Command!.Command.Select(word => (JsonNode)word)]),
            ["finished"] = DateTimeOffset.UtcNow,
            ["seconds"] = seconds,
            ["engines"] = JsonSerializer.SerializeToNode(EngineProbe.Summarize(null, ComputingThreads.Of(0))),
            ["output"] = JsonNode.Parse(json),
        };
        AtomicFile.WriteText(Path.Combine(folder, ResultFileName), result.ToJsonString(s_json) + "\n");
    }

    string ResultFolder(ClaimFile claim) => Path.Combine(FolderOf(claim, isQuick: false), claim.Name);

    /// <summary>The folders of runs with the settings of the claim's file, first run first.</summary>
    IEnumerable<string> Folders(ClaimFile claim, bool isQuick)
    {
        var declared = claim.Experiment(isQuick);
        var identity = ClaimFile.IdentityOf(declared);
        return Enumerable
            .Range(1, int.MaxValue)
            .Select(number =>
                Path.Combine(FolderOf(claim, isQuick), number == 1 ? declared.Experiment.Name : $"{declared.Experiment.Name}-{number}")
            )
            .TakeWhile(Directory.Exists)
            .Where(folder => IdentityOf(Path.Combine(folder, RunFolder.ExperimentFileName)) == identity);
    }

    /// <summary>Null for a declaration that cannot be read: another version of the program has made the run, with other keys.</summary>
    static string? IdentityOf(string declaration)
    {
        try
        {
            return ClaimFile.IdentityOf(ExperimentFile.Load(declaration));
        }
        catch (DeclarationException)
        {
            return null;
        }
    }

    static bool SweepIsComplete(string folder) => File.Exists(Path.Combine(folder, RunFolder.SummaryFileName));

    static ClaimResult Unjudged(ClaimFile claim) =>
        new(
            claim.Name,
            claim.Paper,
            claim.Claim,
            claim.Source,
            claim.Command?.Rule ?? ClaimJudgement.Rule(claim.Evidence),
            claim.Expected,
            claim.Minutes
        );

    static ClaimResult Judge(ClaimFile claim, string path, bool isQuick)
    {
        var folder = new SweepFolder(path);
        var first = folder.Read(folder.Trials[0])!;
        var effects = ClaimJudgement.Effects(folder, claim.Evidence);
        var summaries = folder.Trials.Select(trial => folder.Read(trial)!).ToList();
        return Unjudged(claim) with
        {
            Form = isQuick ? "quick" : "full",
            Verdict = ClaimJudgement.Verdict([.. effects.Select(effect => effect.Effect.Verdict)], claim.Evidence),
            Unit = ClaimJudgement.Unit(first, claim.Evidence),
            Effects = effects,
            Seeds = [.. folder.Trials.Select(trial => trial.Replicate?.Title).OfType<string>().Distinct()],
            Engines = first.Engines,
            Dataset = first.Dataset,
            Seconds = summaries.Sum(summary => summary.TotalSeconds),
            Finished = summaries.Max(summary => summary.Finished),
            Folder = path,
            Command = $"./noisynn claims run {claim.Name}{(isQuick ? " --quick" : "")}",
        };
    }

    ClaimResult? FindResult(ClaimFile claim, CommandClaim command)
    {
        var path = Path.Combine(ResultFolder(claim), ResultFileName);
        if (!File.Exists(path))
            return null;
        try
        {
            var result = JsonNode.Parse(File.ReadAllText(path))!;
            if (!result["command"]!.AsArray().Select(word => word!.ToString()).SequenceEqual(command.Command))
                return null;
            var output = result["output"]!;
            var figure = Figure(output, command.Figure) - (command.Minus is { } other ? Figure(output, other) : 0);
            var low = command.Low is { } lower ? Figure(output, lower) : figure - command.Margin;
            var high = command.High is { } upper ? Figure(output, upper) : figure + command.Margin;
            return Unjudged(claim) with
            {
                Form = "full",
                Verdict = command.Judge(low, high),
                Unit = command.Unit,
                Figure = figure,
                Low = command.Low is null ? null : low,
                High = command.High is null ? null : high,
                Engines = result["engines"].Deserialize<Reports.EngineSummary>(),
                Seconds = result["seconds"]!.GetValue<double>(),
                Finished = result["finished"]!.GetValue<DateTimeOffset>(),
                Folder = ResultFolder(claim),
                Command = $"./noisynn {string.Join(' ', command.Command)}",
            };
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new InvalidDataException($"{path} is damaged: {OneLine.Of(damaged)} Delete it, and run the claim again.", damaged);
        }
    }

    /// <summary>The number at a path of keys and indices.</summary>
    static double Figure(JsonNode output, string path)
    {
        var node = output;
        foreach (var step in path.Split('.'))
            node =
                (
                    node is JsonArray list && int.TryParse(step, out var index) && index < list.Count ? list[index]
                    : node is JsonObject section ? section[step]
                    : null
                ) ?? throw new InvalidDataException($"the output of the command has no '{path}'; its figure is named in the claim's file.");
        return node.GetValue<double>();
    }
}
