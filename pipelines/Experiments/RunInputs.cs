using Microsoft.ML;
using NoisyNN.Models.Rows;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments.Declared;
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
sealed record RunInputs(
    MLContext ML,
    Experiment Experiment,
    ImageDataSet Data,
    RowStore Test,
    RunFolder Folder,
    IRunObserver Observer,
    long? RowMemoryBytes
);
