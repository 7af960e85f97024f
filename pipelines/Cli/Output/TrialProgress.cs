using System.Diagnostics;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>
/// Reports a trial to the process that has started it. Lasting lines go to standard error, and one line of progress a second to
/// standard output.
/// </summary>
sealed class TrialProgress(Terminal terminal) : IRunObserver
{
    static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    readonly ProgressDisplay _notes = new(terminal);
    readonly Stopwatch _sinceStatus = new();
    RunProgress _progress = new([]);

    public void Note(string line) => _notes.Note(line);

    public void Planned(IReadOnlyList<string> trainings)
    {
        _progress = new RunProgress(trainings);
        _notes.Planned(trainings);
    }

    public void Training(string run, TrainingMetrics metrics)
    {
        _progress.Update(run, metrics);
        if (metrics.EpochCompleted)
            _notes.Training(run, metrics);
        if (_sinceStatus.IsRunning && _sinceStatus.Elapsed < s_interval)
            return;
        _sinceStatus.Restart();
        terminal.Output.WriteLine(
            FormattableString.Invariant($"{run} epoch {metrics.Epoch}/{metrics.EpochCount}, ")
                + FormattableString.Invariant($"{100.0 * metrics.Step / metrics.StepCount:0} %, ")
                + $"{Terminal.Duration(_progress.RemainingSeconds ?? metrics.RemainingSeconds)} left"
        );
        terminal.Output.Flush();
    }
}
