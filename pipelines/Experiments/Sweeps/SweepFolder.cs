using System.Text.Json;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps.Attempts;
using NoisyNN.Pipelines.Reports;

namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>The folder of a run with several trials, as any process sees it that can read the files.</summary>
public sealed class SweepFolder
{
    /// <summary>Reads the declaration of a run.</summary>
    /// <exception cref="Yaml.DeclarationException">The folder has no declaration, or the declaration is damaged.</exception>
    public SweepFolder(string path)
        : this(path, ExperimentFile.Load(System.IO.Path.Combine(path, RunFolder.ExperimentFileName))) { }

    /// <summary>The folder of an experiment.</summary>
    public SweepFolder(string path, ExperimentFile file)
    {
        Path = path;
        File = file;
        Trials = SweepPlan.Of(file.Experiment);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What is declared.</summary>
    public ExperimentFile File { get; }

    /// <summary>All trials; none if the folder holds a single run.</summary>
    public IReadOnlyList<Trial> Trials { get; }

    /// <summary>What processes are started for: the trials or, where there are none, the run itself.</summary>
    public IReadOnlyList<Trial> Tasks => Trials.Count > 0 ? Trials : [Trial.Whole(File.Experiment.Name)];

    /// <summary>Whether processes with a number may work in the folder.</summary>
    public bool HasTasks => Trials.Count > 0 || Directory.Exists(AttemptsPath);

    /// <summary>The folder of the attempts of all trials. No trial's folder begins with a dot.</summary>
    internal const string AttemptsFolderName = ".attempts";

    /// <summary>The attempts of all trials.</summary>
    public string AttemptsPath => System.IO.Path.Combine(Path, AttemptsFolderName);

    /// <summary>The name of a trial's files there.</summary>
    public static string AttemptName(Trial trial) => FormattableString.Invariant($"{trial.Index:0000}");

    /// <summary>The folder of a trial.</summary>
    public string PathOf(Trial trial) => System.IO.Path.Combine(Path, trial.Name);

    /// <summary>What is declared for a trial.</summary>
    public ExperimentFile FileOf(Trial trial) => File.With(trial.Settings);

    /// <summary>The folder of a task, opened for work.</summary>
    /// <exception cref="IOException">The folder is in use, or was begun with other settings.</exception>
    public RunFolder OpenFolder(Trial task) =>
        Trials.Count > 0 ? RunFolder.OpenTrial(PathOf(task), FileOf(task)) : RunFolder.Reopen(Path, File);

    /// <summary>Ends trials early; null where every trial runs to its end.</summary>
    public EarlyStopping? Stopping => File.Experiment.Sweep?.Stop is { } section ? new EarlyStopping(this, section) : null;

    /// <summary>Whether nothing is left to do for a trial: it is complete, or was stopped early.</summary>
    public bool HasEnded(Trial trial) => IsComplete(trial) || System.IO.File.Exists(StoppedPath(trial));

    /// <summary>Whether a trial is complete: it has a summary, which is written last.</summary>
    public bool IsComplete(Trial trial) => System.IO.File.Exists(SummaryPath(trial));

    /// <summary>What a complete trial found; null for another one.</summary>
    /// <exception cref="InvalidDataException">The summary is damaged.</exception>
    public Summary? Read(Trial trial)
    {
        var path = SummaryPath(trial);
        if (!System.IO.File.Exists(path))
            return null;
        try
        {
            return Summary.FromJson(System.IO.File.ReadAllText(path));
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException(
                $"{path} is damaged: {Yaml.OneLine.Of(damaged).TrimEnd('.')}. Delete it; --resume then judges {trial.Title} again.",
                damaged
            );
        }
    }

    /// <summary>How far a trial is, by its files.</summary>
    public TrialStatus StatusOf(Trial trial)
    {
        var (attempts, last) = Attempt.Find(AttemptsPath, AttemptName(trial));
        var state =
            IsComplete(trial) ? TrialState.Complete
            : System.IO.File.Exists(StoppedPath(trial)) ? TrialState.Stopped
            : attempts == 0 ? TrialState.Waiting
            : Attempt.IsAlive(AttemptsPath, AttemptName(trial), AttemptTiming.Default) ? TrialState.Running
            : last is { State: AttemptState.Failed } ? TrialState.Failed
            : TrialState.Interrupted;
        return new TrialStatus(state, attempts, last);
    }

    /// <summary>Says why a trial was stopped early.</summary>
    internal string StoppedPath(Trial trial) => System.IO.Path.Combine(PathOf(trial), "stopped.json");

    string SummaryPath(Trial trial) => System.IO.Path.Combine(PathOf(trial), RunFolder.SummaryFileName);
}

/// <summary>How far a trial is.</summary>
public enum TrialState
{
    /// <summary>It has not begun.</summary>
    Waiting,

    /// <summary>A process is working on it.</summary>
    Running,

    /// <summary>It was stopped, or its process died; it goes on from its last checkpoint.</summary>
    Interrupted,

    /// <summary>It ended with an error.</summary>
    Failed,

    /// <summary>Other settings were better on validation rows; it ends without a figure of test rows.</summary>
    Stopped,

    /// <summary>It is complete.</summary>
    Complete,
}

/// <summary>How far a trial is, and who works on it.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Attempts">How many processes have begun to work on it.</param>
/// <param name="Last">What the last of them says.</param>
public sealed record TrialStatus(TrialState State, int Attempts, AttemptRecord? Last);
