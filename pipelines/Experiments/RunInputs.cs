using Microsoft.ML;
using NoisyNN.Models.Distributed;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Domains;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>What all trainings and judgements of a run work with.</summary>
/// <param name="ML">The context, with the run's seed and device.</param>
/// <param name="Experiment">What is declared.</param>
/// <param name="Data">The images.</param>
/// <param name="Test">The test rows, read once: all that judges takes them from here.</param>
/// <param name="Folder">Receives the run.</param>
/// <param name="Observer">Hears of the progress.</param>
/// <param name="RowMemoryBytes">Bytes of memory for rows where the experiment does not say; null for what a training takes by
/// itself.</param>
/// <param name="Group">The processes that train together, of which this one is the first; null for this process alone.</param>
sealed record RunInputs(
    MLContext ML,
    Experiment Experiment,
    ImageDataSet Data,
    RowStore Test,
    RunFolder Folder,
    IRunObserver Observer,
    long? RowMemoryBytes,
    ProcessGroup? Group
)
{
    /// <summary>The target of a shift of domain; null without one.</summary>
    public TargetDomain? Target { get; init; }

    /// <summary>Gives a trainer what all trainings of the run share: the recipe, the rows that choose the epoch, and the folder.</summary>
    /// <param name="options">The trainer's options.</param>
    /// <param name="run">The training's name.</param>
    /// <param name="validation">The validation rows, as they reach the trainer.</param>
    /// <param name="cancellation">Stops the training.</param>
    public void Configure(TrainingOptions options, string run, IDataView validation, CancellationToken cancellation)
    {
        if (Folder.IsResumed && Folder.LastStepOf(run) is { } step)
            Observer.Note($"  {run}: goes on from step {step} of its last checkpoint");
        Configure(options, Experiment, validation, Group, cancellation);
        options.RowMemoryBytes ??= RowMemoryBytes;
        options.WorkspacePath = Folder.TrainingPath(run);
        options.Resume = Folder.IsResumed;
        options.MetricsCallback = metrics => Observer.Training(run, metrics);
    }

    /// <summary>Gives a trainer what it shares with the same trainer in other processes.</summary>
    public static void Configure(
        TrainingOptions options,
        Experiment experiment,
        IDataView validation,
        ProcessGroup? group,
        CancellationToken cancellation
    )
    {
        options.CopyFrom(experiment.Training);
        options.Seed = experiment.Seed;
        options.ValidationSet = validation;
        options.ProcessGroup = group;
        options.CancellationToken = cancellation;
    }
}
