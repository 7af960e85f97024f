using System.Text.Json;
using System.Text.Json.Serialization;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>What a sweep found, as its <c>summary.json</c> holds it.</summary>
public sealed record SweepSummary : RunProvenance
{
    /// <summary>"sweep".</summary>
    [JsonPropertyOrder(First)]
    public override string Kind => "sweep";

    /// <inheritdoc/>
    [JsonPropertyOrder(Second)]
    public override IReadOnlyList<ResultSummary> Results => [.. Points.Select(ResultOf)];

    /// <summary>How many trials ran side by side on one machine; 0 if other processes ran them.</summary>
    public int Processes { get; init; }

    /// <summary>The figures of each combination of settings over its seeds or folds.</summary>
    public required IReadOnlyList<PointSummary> Points { get; init; }

    /// <summary>The name of the point with the best mean on validation rows. Test rows choose nothing.</summary>
    public required string Best { get; init; }

    /// <summary>Each arm against the first one; none without arms.</summary>
    public required IReadOnlyList<ArmComparison> Comparisons { get; init; }

    /// <summary>Every trial.</summary>
    public required IReadOnlyList<TrialRow> Trials { get; init; }

    /// <summary>How many trials were stopped early. Their settings have no point.</summary>
    public int Stopped => Trials.Count(trial => trial.State is TrialState.Stopped);

    /// <summary>The unit of the figures: "nats" of bounds; null of accuracies.</summary>
    [JsonIgnore]
    internal string? Unit => Trials.FirstOrDefault(trial => trial.State is TrialState.Complete)?.Unit;

    internal static JsonSerializerOptions Json { get; } = new(TrialRow.Json) { WriteIndented = true };

    /// <summary>The summary of a run whose trials are all complete, or were stopped early.</summary>
    public static SweepSummary Of(SweepFolder folder, IReadOnlyList<TrialRow> rows)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var first = folder.Trials.Select(folder.Read).OfType<Summary>().First();
        var points = PointSummary.OfComplete(folder, rows);
        return new SweepSummary
        {
            Name = first.Name,
            Claim = first.Claim,
            // Those of the first trial, until the run over all of them has ended.
            Finished = first.Finished,
            TotalSeconds = first.TotalSeconds,
            Command = first.Command,
            Engines = first.Engines,
            Dataset = first.Dataset,
            Points = points,
            Best = points.MaxBy(point => point.Validation)!.Name,
            Comparisons = ArmComparison.Of(points, rows, folder.File.Experiment.Data is { Folds: not null, JudgingFold: null }),
            Trials = rows,
        };
    }

    /// <summary>The summary as indented JSON with camel-case keys.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    ResultSummary ResultOf(PointSummary point)
    {
        var trials = Trials.Where(trial => trial.Point == point.Name).ToList();
        return ResultSummary.Of(
            point.Name,
            [.. trials.Select(trial => trial.Test!.Value)],
            point.Validation,
            Unit,
            trials.Any(trial => trial.Transductive == true) ? true : null
        );
    }
}

/// <summary>One combination of settings over its seeds or folds.</summary>
/// <param name="Name">The part of its folders' names.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Arm">Its arm; null without arms.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Count">The number of its trials.</param>
/// <param name="Validation">The mean of the validation rows.</param>
/// <param name="Test">The mean of the test rows.</param>
/// <param name="Deviation">The sample standard deviation of the test figures, divisor n - 1; null of one trial.</param>
public sealed record PointSummary(
    string Name,
    string Title,
    string? Arm,
    IReadOnlyDictionary<string, string> Settings,
    int Count,
    double Validation,
    double Test,
    double? Deviation
)
{
    /// <summary>The settings whose trials are all complete.</summary>
    public static IReadOnlyList<PointSummary> OfComplete(SweepFolder folder, IReadOnlyList<TrialRow> rows)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return
        [
            .. folder
                .Trials.GroupBy(trial => trial.Point, trial => rows[trial.Index])
                .Where(trials => trials.All(row => row.State is TrialState.Complete))
                .Select(trials => Of(trials.Key, [.. trials])),
        ];
    }

    static PointSummary Of(SweepPoint point, IReadOnlyList<TrialRow> trials)
    {
        double[] tests = [.. trials.Select(trial => trial.Test!.Value)];
        return new PointSummary(
            trials[0].Point,
            point.Title.Length > 0 ? point.Title : trials[0].Name,
            point.Arm,
            trials[0].Settings,
            trials.Count,
            trials.Average(trial => trial.Validation!.Value),
            tests.Average(),
            tests.Length > 1 ? MeanAndDeviation.Of(tests).StandardDeviation : null
        );
    }
}
