using System.Globalization;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Training.Checkpoints;

namespace NoisyNN.Models.Training.Reports;

/// <summary>Where reports of a training go: ML.NET's log, metrics.jsonl, TensorBoard's event file, and the caller.</summary>
sealed class ProgressReports(TrainingOptions options, Workspace? workspace, IChannel channel) : IDisposable
{
    const string EventFileFailure = "TensorBoard's event file could not be written";

    EventFile? _events;

    /// <param name="step">The step that the training starts from, after a resume.</param>
    public void Start(long step)
    {
        if (options.TensorBoard)
            workspace!.Writing(EventFileFailure, () => _events = new EventFile(options.WorkspacePath!, step));
    }

    public void WithinEpoch(TrainingMetrics metrics)
    {
        channel.Info(
            MessageSensitivity.None,
            "Epoch {0} of {1}, step {2} of {3}: loss {4:F4}, rate {5:G3}, {6:F0} images/s, {7} left.",
            metrics.Epoch,
            metrics.EpochCount,
            metrics.Step,
            metrics.StepCount,
            metrics.Loss,
            metrics.LearningRate,
            metrics.ImagesPerSecond,
            Duration(metrics.RemainingSeconds)
        );
        Log(metrics);
        options.MetricsCallback?.Invoke(metrics);
    }

    /// <param name="metrics">The epoch's report.</param>
    /// <param name="keep">Makes the epoch's outcome safe before anybody hears of it.</param>
    public void EpochEnd(TrainingMetrics metrics, Action keep)
    {
        channel.Info(
            MessageSensitivity.None,
            "Epoch {0} of {1}: loss {2:F4}, {3}{4:F0} images/s, {5} left.",
            metrics.Epoch,
            metrics.EpochCount,
            metrics.Loss,
            string.Concat(Figures(metrics).Select(figure => $"{figure}, ")),
            metrics.ImagesPerSecond,
            Duration(metrics.RemainingSeconds)
        );
        Log(metrics);
        keep();
        options.MetricsCallback?.Invoke(metrics);
    }

    /// <summary>What the report of an epoch has beside the loss.</summary>
    static IEnumerable<string> Figures(TrainingMetrics metrics)
    {
        var culture = CultureInfo.InvariantCulture;
        if (metrics.TrainingAccuracy is { } training)
            yield return $"training accuracy {training.ToString("P2", culture)}";
        if (metrics.ValidationAccuracy is { } validation)
            yield return $"validation accuracy {validation.ToString("P2", culture)}";
        if (metrics.Penalties is { } penalties)
            yield return $"penalties {string.Join(" + ", penalties.Values.Select(value => value.ToString("F1", culture)))}";
        if (metrics is { Bound: { } bound, LogLikelihood: { } likelihood, Divergence: { } divergence })
            yield return string.Create(culture, $"bound {bound:F2} nats = log-likelihood {likelihood:F2} - divergence {divergence:F2}");
        if (metrics.ValidationBound is { } validationBound)
            yield return string.Create(culture, $"validation bound {validationBound:F2}");
    }

    void Log(TrainingMetrics metrics)
    {
        workspace?.Append(metrics);
        if (_events is { } events)
            workspace!.Writing(EventFileFailure, () => events.Append(metrics));
    }

    public void Dispose() => _events?.Dispose();

    static string Duration(double seconds) => TimeSpan.FromSeconds(Math.Round(seconds)).ToString("c");
}
