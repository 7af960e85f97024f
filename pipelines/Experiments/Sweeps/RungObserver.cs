using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>Stops a training at a rung that it may not pass yet. The checkpoint of the epoch has been written then.</summary>
/// <param name="observer">Hears of the progress, too.</param>
/// <param name="stopping">Decides.</param>
/// <param name="trial">The trial.</param>
/// <param name="stop">Stops the training.</param>
sealed class RungObserver(IRunObserver observer, EarlyStopping stopping, Trial trial, Action stop) : IRunObserver
{
    /// <summary>Whether the training was stopped.</summary>
    public bool IsClosed { get; private set; }

    /// <inheritdoc/>
    public void Note(string line) => observer.Note(line);

    /// <inheritdoc/>
    public void Planned(IReadOnlyList<string> trainings) => observer.Planned(trainings);

    /// <inheritdoc/>
    public void Training(string run, TrainingMetrics metrics)
    {
        observer.Training(run, metrics);
        if (
            !metrics.EpochCompleted
            || (metrics.ValidationBound ?? metrics.ValidationAccuracy) is not { } validation
            || !stopping.Reach(trial, metrics.Epoch, validation)
            || stopping.Look(trial) is { State: GateState.Open }
        )
            return;
        IsClosed = true;
        stop();
    }
}
