using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>Shows a run on the terminal: the epoch, the loss, images per second and the time left.</summary>
sealed class ProgressDisplay(Terminal terminal) : IRunObserver
{
    RunProgress _progress = new([]);

    public void Note(string line) => terminal.Note(line);

    public void Planned(IReadOnlyList<string> trainings) => _progress = new RunProgress(trainings);

    public void Training(string run, TrainingMetrics metrics)
    {
        _progress.Update(run, metrics);
        var left = Left(metrics);
        if (metrics.EpochCompleted)
            terminal.Note(
                FormattableString.Invariant($"  {run}  epoch {metrics.Epoch}/{metrics.EpochCount}  {Figures(metrics)}  ")
                    + FormattableString.Invariant($"{metrics.ImagesPerSecond:N0} images/s  {left}")
            );
        else
            terminal.Status(() =>
                FormattableString.Invariant($"  {run}  epoch {metrics.Epoch}/{metrics.EpochCount}  step ")
                + FormattableString.Invariant($"{metrics.Step}/{metrics.StepCount}  loss {metrics.Loss:0.0000}  ")
                + FormattableString.Invariant($"{metrics.ImagesPerSecond:N0} images/s  {left}")
            );
    }

    /// <summary>"20 s left" or, of several trainings, "20 s left (37 % of all, 1 min 10 s to go)".</summary>
    string Left(TrainingMetrics metrics)
    {
        var own = $"{Terminal.Duration(metrics.RemainingSeconds)} left";
        return _progress is { Count: > 1, RemainingSeconds: { } all }
            ? FormattableString.Invariant($"{own} ({100 * _progress.Share:0} % of all, {Terminal.Duration(all)} to go)")
            : own;
    }

    static string Figures(TrainingMetrics metrics) =>
        metrics.Bound is { } bound
            ? FormattableString.Invariant($"bound {bound:F2}  validation {metrics.ValidationBound:F2} nats")
            : FormattableString.Invariant($"loss {metrics.Loss:0.0000}  validation {metrics.ValidationAccuracy:0.0000}");
}
