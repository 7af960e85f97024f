using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>Shows a run on the terminal: the epoch, the loss, images per second and the time left.</summary>
sealed class ProgressDisplay(Terminal terminal) : IRunObserver
{
    public void Note(string line) => terminal.Note(line);

    public void Training(string run, TrainingMetrics metrics)
    {
        var left = Terminal.Duration(metrics.RemainingSeconds);
        if (metrics.EpochCompleted)
            terminal.Note(
                FormattableString.Invariant($"  {run}  epoch {metrics.Epoch}/{metrics.EpochCount}  loss {metrics.Loss:0.0000}  ")
                    + FormattableString.Invariant($"validation {metrics.ValidationAccuracy:0.0000}  {metrics.ImagesPerSecond:N0} images/s ")
                    + FormattableString.Invariant($" {left} left")
            );
        else
            terminal.Status(() =>
                FormattableString.Invariant($"  {run}  epoch {metrics.Epoch}/{metrics.EpochCount}  step ")
                + FormattableString.Invariant($"{metrics.Step}/{metrics.StepCount}  loss {metrics.Loss:0.0000}  ")
                + FormattableString.Invariant($"{metrics.ImagesPerSecond:N0} images/s  {left} left")
            );
    }
}
