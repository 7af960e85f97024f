using System.Text.Json;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>
/// Successive halving (Jamieson and Talwalkar 2016). At the end of certain epochs, rungs, a trial waits until every other one has reached
/// the rung or was stopped before. Then the settings with the best means on validation rows continue. The decision follows from the
/// files <c>rung-EPOCH.json</c> of the trials alone. So it is the same whoever takes it, and in whatever order the trials run.
/// </summary>
/// <param name="folder">The run.</param>
/// <param name="section">The rungs, and how many settings continue.</param>
public sealed class EarlyStopping(SweepFolder folder, StopSection section)
{
    static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>Refuses settings whose trials could not be compared at the rungs.</summary>
    /// <param name="file">The experiment of a trial.</param>
    /// <param name="section">The rungs.</param>
    /// <exception cref="DeclarationException">The trial ends before the last rung, or trains two networks.</exception>
    internal static void Check(ExperimentFile file, StopSection section)
    {
        var experiment = file.Experiment;
        if (experiment.Training.MaxEpoch <= section.Epochs[^1])
            throw new DeclarationException(
                file.Path,
                $"'sweep.stop' has a rung at epoch {section.Epochs[^1]}, and a trial has {experiment.Training.MaxEpoch} epochs; use earlier rungs"
            );
        if (experiment.Evaluation.Baseline && experiment.HasNoise)
            throw new DeclarationException(file.Path, "'sweep.stop' needs trials of one network; set 'baseline: false' under 'evaluation'");
    }

    /// <summary>How many times a trial has reached a rung, over all trials. It grows with every one.</summary>
    public int Reached => folder.Trials.Sum(trial => section.Epochs.Count(epoch => File.Exists(RungPath(trial, epoch))));

    /// <summary>Writes down that a trial has reached a rung.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="epoch">The epoch that has ended.</param>
    /// <param name="validation">Its figure on validation rows.</param>
    /// <returns>Whether the epoch is a rung.</returns>
    internal bool Reach(Trial trial, int epoch, double validation)
    {
        if (!section.Epochs.Contains(epoch))
            return false;
        AtomicFile.WriteText(RungPath(trial, epoch), JsonSerializer.Serialize(new Rung(epoch, validation), s_json) + "\n");
        return true;
    }

    /// <summary>Whether a trial may train on, as far as the files say now.</summary>
    public Gate Look(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var alive = folder.Trials.GroupBy(other => other.Point).ToList();
        foreach (var epoch in section.Epochs)
        {
            var figures = alive
                .Select(point => (Point: point.Key, Trials: point.Select(other => (other, Rung: Read(other, epoch))).ToList()))
                .ToList();
            if (Read(trial, epoch) is not { } own)
                return Gate.Open;
            var missing = figures.SelectMany(point => point.Trials).Where(other => other.Rung is null).ToList();
            if (missing.Count > 0)
                return new Gate(GateState.Waits, epoch, $"{missing.Count} other trials have not reached the end of epoch {epoch}");
            var ranked = figures
                .Select(point => (point.Point, Mean: point.Trials.Average(other => other.Rung!.Validation)))
                // The order of the plan decides between equals.
                .OrderByDescending(point => point.Mean)
                .ToList();
            var kept = section.Kept(ranked.Count);
            var rank = ranked.FindIndex(point => point.Point == trial.Point);
            if (rank >= kept)
                return new Gate(
                    GateState.Stopped,
                    epoch,
                    FormattableString.Invariant($"stopped after epoch {epoch}: validation {ranked[rank].Mean:0.####}, ")
                        + FormattableString.Invariant($"rank {rank + 1} of {ranked.Count} settings, of which {kept} continue")
                );
            var next = ranked.Take(kept).Select(point => point.Point).ToHashSet();
            alive = [.. alive.Where(point => next.Contains(point.Key))];
        }
        return Gate.Open;
    }

    /// <summary>Looks at the gate, and writes down that the trial is stopped if it is.</summary>
    internal Gate Decide(Trial trial)
    {
        var gate = Look(trial);
        if (gate.State is GateState.Stopped)
            AtomicFile.WriteText(folder.StoppedPath(trial), JsonSerializer.Serialize(new Stop(gate.Epoch, gate.Reason), s_json) + "\n");
        return gate;
    }

    /// <summary>Why a trial was stopped; null if it was not.</summary>
    internal static string? ReasonIn(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<Stop>(File.ReadAllText(path), s_json)!.Reason : null;

    Rung? Read(Trial trial, int epoch) =>
        RungPath(trial, epoch) is var path && File.Exists(path) ? JsonSerializer.Deserialize<Rung>(File.ReadAllText(path), s_json) : null;

    string RungPath(Trial trial, int epoch) => Path.Combine(folder.PathOf(trial), FormattableString.Invariant($"rung-{epoch}.json"));

    sealed record Rung(int Epoch, double Validation);

    sealed record Stop(int Epoch, string Reason);
}

/// <summary>Whether a trial may train on.</summary>
/// <param name="State">Whether it may.</param>
/// <param name="Epoch">The rung where it stands; 0 if it may train on.</param>
/// <param name="Reason">Why not.</param>
public sealed record Gate(GateState State, int Epoch, string Reason)
{
    /// <summary>The trial may train on.</summary>
    public static Gate Open { get; } = new(GateState.Open, 0, "");
}

/// <summary>Whether a trial may train on.</summary>
public enum GateState
{
    /// <summary>It may.</summary>
    Open,

    /// <summary>Other trials have to reach the rung first.</summary>
    Waits,

    /// <summary>Others are better; it ends.</summary>
    Stopped,
}
