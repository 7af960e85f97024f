using System.Text.Json;
using System.Text.Json.Serialization;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>A line of <c>trials.jsonl</c>. The figures are those of the trial's last network: the one with noise, where there are two.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Name">Its folder.</param>
/// <param name="Point">The name of its settings, which other seeds or folds share.</param>
/// <param name="Arm">Its arm; null without arms.</param>
/// <param name="Settings">The settings of its arm, its combination and its sample.</param>
/// <param name="Replicate">Its seed or fold, such as "seed 2"; null where there is one.</param>
/// <param name="State">How far it is.</param>
/// <param name="Attempts">How many processes have begun to work on it.</param>
/// <param name="Cause">Why it failed, or was stopped early.</param>
/// <param name="Validation">The figure of the validation rows.</param>
/// <param name="Test">The figure of the test rows.</param>
/// <param name="Unit">The unit of both: "nats" of bounds; null of accuracies.</param>
/// <param name="Transductive">True if a prediction depends on the rest of its batch, so that the figures are none of the images.</param>
/// <param name="LeakIndex">Accuracy in class-sorted order minus that in shuffled order, with noise at inference.</param>
/// <param name="Seconds">Seconds of training.</param>
public sealed record TrialRow(
    int Index,
    string Name,
    string Point,
    string? Arm,
    IReadOnlyDictionary<string, string> Settings,
    string? Replicate,
    TrialState State,
    int Attempts,
    string? Cause = null,
    double? Validation = null,
    double? Test = null,
    string? Unit = null,
    bool? Transductive = null,
    double? LeakIndex = null,
    double? Seconds = null
)
{
    internal static JsonSerializerOptions Json { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        };

    /// <summary>The row of a trial as its files are now.</summary>
    /// <exception cref="InvalidDataException">Its summary is damaged.</exception>
    public static TrialRow Of(SweepFolder folder, Trial trial)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(trial);
        var status = folder.StatusOf(trial);
        var row = new TrialRow(
            trial.Index,
            trial.Name,
            trial.Point.Name.Length > 0 ? trial.Point.Name : trial.Name,
            trial.Point.Arm,
            // The last of several settings of one key counts. 'sweep' is none of the user's.
            trial
                .Point.Settings.Where(setting => setting.Path != SweepPlan.SweepKey)
                .GroupBy(setting => setting.Path)
                .ToDictionary(same => same.Key, same => same.Last().Value),
            trial.Replicate?.Title,
            status.State,
            status.Attempts,
            status.State switch
            {
                TrialState.Failed => status.Last?.Cause,
                TrialState.Stopped => EarlyStopping.ReasonIn(folder.StoppedPath(trial)),
                _ => null,
            }
        );
        if (folder.Read(trial) is not { } summary)
            return row;
        var network = summary.Runs[^1];
        return row with
        {
            Validation = network.Validation,
            Test = network.Test,
            Unit = network.Bound is null ? null : NetworkSummary.Nats,
            Transductive = network.BatchInvariant ? null : true,
            LeakIndex = summary.LeakIndex,
            Seconds = summary.Runs.Sum(run => run.TrainSeconds),
        };
    }

    /// <summary>The line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
