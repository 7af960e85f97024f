using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using NoisyNN.Models.Distributed;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Training.Declarations;
using NoisyNN.Models.Training.ImageAugmentation;
using NoisyNN.Models.Training.Process;
using NoisyNN.Models.Training.Reports;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Models.Training;

/// <summary>
/// The options of every trainer: a recipe, and the column, rows and folders that it works with.
/// </summary>
public abstract partial class TrainingOptions : TrainingRecipe
{
    /// <summary>
    /// Raw pixels, planar, 0..255: a <c>Vector&lt;Single, C, H, W&gt;</c>, from which the network takes the sizes of its images where they
    /// were not given. A flat vector will do if they were.
    /// </summary>
    [Option(OptionEffect.Execution, Remedy = "give the name of a column"), Required]
    public string FeatureColumnName = "Pixels";

    /// <summary>
    /// Seeds the first weights, the order of the rows and every noise. Null draws one from the context when the trainer is made, which is
    /// repeatable if the context has a seed; a training that another process may have to resume needs one or the other.
    /// </summary>
    [Option(OptionEffect.Outcome)]
    public int? Seed;

    /// <summary>
    /// Rows that choose the model: the weights of the epoch that does best on them, without any noise, are kept. Null keeps the last.
    /// </summary>
    [Option(OptionEffect.Execution)] // A checkpoint remembers these rows by their hash, with the training rows.
    public IDataView? ValidationSet;

    /// <summary>A folder for checkpoints and <c>metrics.jsonl</c>; null writes nothing.</summary>
    [Option(OptionEffect.Execution)]
    public string? WorkspacePath;

    /// <summary>
    /// Goes on from the newest checkpoint in <see cref="WorkspacePath"/>, if there is one, with the same options and rows.
    /// </summary>
    [Option(OptionEffect.Execution)]
    public bool Resume;

    /// <summary>
    /// Stops the training after the step in progress. What there is is kept: a checkpoint, and a model with the best weights so far
    /// whose <see cref="TrainingResult.Interrupted"/> is set.
    /// </summary>
    [Option(OptionEffect.Execution)]
    public CancellationToken CancellationToken;

    /// <summary>Called on the training thread with each report.</summary>
    [Option(OptionEffect.Execution)]
    public Action<TrainingMetrics>? MetricsCallback;

    /// <summary>
    /// The processes that train together, as many as <see cref="TrainingRecipe.Ranks"/>; null for this process alone.
    /// <see cref="MpiProcessGroup.Join"/> gives them. All of them fit the same options on the same rows, and get the same model. Rank 0
    /// alone reports and writes.
    /// </summary>
    [Option(OptionEffect.Execution)]
    public ProcessGroup? ProcessGroup;

    /// <summary>The bytes of memory for rows. Ranks may share a machine.</summary>
    internal long RowMemory => RowMemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / Ranks;

    /// <summary>libtorch's threads; 0 leaves the process's number.</summary>
    internal int Threads => ThreadCount == 0 && Ranks > 1 ? 1 : ThreadCount;

    /// <summary>The network's sizes.</summary>
    internal abstract NetworkConfiguration Configuration { get; }
}
