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
                FormattableString.Invariant($"  {run}  epoch {metrics.Epoch}/{metrics.EpochCount}  {Figures(metrics)}  ")
                    + FormattableString.Invariant($"{metrics.ImagesPerSecond:N0} images/s  {left} left")
            );
        else
            terminal.Status(() =>
                FormattableString.Invariant($"  {run}  epoch {metrics.Epoch}/{metrics.EpochCount}  step ")
                + FormattableString.Invariant($"{metrics.Step}/{metrics.StepCount}  loss {metrics.Loss:0.0000}  ")
                + FormattableString.Invariant($"{metrics.ImagesPerSecond:N0} images/s  {left} left")
            );
    }

    static string Figures(TrainingMetrics metrics) =>
        metrics.Bound is { } bound
            ? FormattableString.Invariant($"bound {bound:F2}  validation {metrics.ValidationBound:F2} nats")
            : FormattableString.Invariant($"loss {metrics.Loss:0.0000}  validation {metrics.ValidationAccuracy:0.0000}");
}
