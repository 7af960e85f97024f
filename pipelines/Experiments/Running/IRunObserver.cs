using NoisyNN.Models.Training;

namespace NoisyNN.Pipelines.Experiments.Running;

/// <summary>Follows a run. Called on the thread that works.</summary>
public interface IRunObserver
{
    /// <summary>Something begins, or is worth knowing.</summary>
    void Note(string line);

    /// <summary>The names of all trainings that the run does, one after the other, before the first begins.</summary>
    void Planned(IReadOnlyList<string> trainings);

    /// <summary>A report from the training of one network.</summary>
    void Training(string run, TrainingMetrics metrics);
}
