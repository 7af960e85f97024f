using Microsoft.ML;
using NoisyNN.Models.Layers;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Scoring;

namespace NoisyNN.Models.Training;

/// <summary>What every image classifier's trainer is told. Public fields with defaults, by ML.NET's convention.</summary>
public abstract class TrainingOptions
{
    /// <summary>A key column with key values; <c>MapValueToKey</c> makes one.</summary>
    public string LabelColumnName = "Label";

    /// <summary>Raw pixels, planar, 0..255: a <c>Vector&lt;Single&gt;</c> of known size C·H·W.</summary>
    public string FeatureColumnName = "Pixels";

    public string ScoreColumnName = "Score";

    public string PredictedLabelColumnName = "PredictedLabel";

    /// <summary>Noise on the input pixels, drawn anew in every epoch; null for none.</summary>
    public NoiseDefinition? InputNoise;

    /// <summary>Noise inside the network; null for none.</summary>
    public LatentNoisePlacement? LatentNoise;

    /// <summary>Passes over the training rows.</summary>
    public int MaxEpoch = 10;

    public int BatchSize = 64;

    /// <summary>AdamW's rate after the warm-up.</summary>
    public double LearningRate = 1e-3;

    /// <summary>The share of <see cref="LearningRate"/> at which the cosine ends.</summary>
    public double FinalLearningRateRatio = 0.01;

    /// <summary>Epochs in which the rate rises from 0 in a straight line; fractions are allowed.</summary>
    public double WarmupEpochs = 0.5;

    /// <summary>Decoupled weight decay of matrices; normalisations, biases, the class token and positions have none.</summary>
    public double WeightDecay = 0.05;

    /// <summary>The share of the target spread evenly over all classes.</summary>
    public double LabelSmoothing = 0.1;

    /// <summary>The largest norm of all gradients together; 0 leaves them as they are.</summary>
    public double ClipNorm = 1;

    /// <summary>
    /// Seeds the first weights, the order of the rows and every noise. Null draws one from the context when the trainer is made, which is repeatable if the
    /// context has a seed; a training that another process may have to resume needs one or the other.
    /// </summary>
    public int? Seed;

    /// <summary>
    /// Rows that choose the model: the weights of the epoch with the best validation accuracy, measured without any noise, are kept. Null keeps the last.
    /// </summary>
    public IDataView? ValidationSet;

    /// <summary>A folder for checkpoints and <c>metrics.jsonl</c>; null writes nothing.</summary>
    public string? WorkspacePath;

    /// <summary>Goes on from the newest checkpoint in <see cref="WorkspacePath"/>, if there is one, with the same options and rows.</summary>
    public bool Resume;

    /// <summary>Steps between checkpoints; one is always written after an epoch. 0 writes none in between.</summary>
    public int CheckpointEverySteps;

    /// <summary>Steps between reports of loss, rate and speed within an epoch. 0 reports epochs only.</summary>
    public int LogEverySteps = 50;

    /// <summary>
    /// Stops the training after the step in progress. What there is is kept: a checkpoint, and a model with the best weights so far
    /// whose <see cref="TrainingResult.Interrupted"/> is set.
    /// </summary>
    public CancellationToken CancellationToken;

    /// <summary>Called on the training thread with each report.</summary>
    public Action<TrainingMetrics>? MetricsCallback;

    /// <summary>Torch's threads while training; 0 takes the process's setting. A resumed training repeats another bit by bit with the same number.</summary>
    public int ThreadCount;

    /// <summary>Checks every field before any work is done.</summary>
    /// <exception cref="ArgumentException">A field is out of its range; the message names it, its value and the remedy.</exception>
    internal virtual void Validate()
    {
        ColumnName(LabelColumnName, nameof(LabelColumnName));
        ColumnName(FeatureColumnName, nameof(FeatureColumnName));
        ColumnName(ScoreColumnName, nameof(ScoreColumnName));
        ColumnName(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
        Require(ScoreColumnName != PredictedLabelColumnName, nameof(PredictedLabelColumnName), PredictedLabelColumnName, $"it must differ from {nameof(ScoreColumnName)}");
        Require(MaxEpoch >= 1, nameof(MaxEpoch), MaxEpoch, "it must be at least 1");
        Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "it must be at least 1");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "it must be a finite number above 0; 0.001 is a usual start");
        Require(FinalLearningRateRatio is >= 0 and <= 1, nameof(FinalLearningRateRatio), FinalLearningRateRatio, "it is a share from 0 to 1");
        Require(WarmupEpochs >= 0 && WarmupEpochs <= MaxEpoch, nameof(WarmupEpochs), WarmupEpochs, $"it must lie between 0 and {nameof(MaxEpoch)} ({MaxEpoch})");
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "it must be a finite number of at least 0");
        Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "it is a share of at least 0 and below 1");
        Require(ClipNorm >= 0 && double.IsFinite(ClipNorm), nameof(ClipNorm), ClipNorm, "it must be a finite number of at least 0; 0 switches clipping off");
        Require(CheckpointEverySteps >= 0, nameof(CheckpointEverySteps), CheckpointEverySteps, "it must be at least 0");
        Require(LogEverySteps >= 0, nameof(LogEverySteps), LogEverySteps, "it must be at least 0");
        Require(ThreadCount >= 0, nameof(ThreadCount), ThreadCount, "it must be at least 0");
        Require(!Resume || WorkspacePath is not null, nameof(Resume), Resume, $"it needs {nameof(WorkspacePath)}, the folder that holds the checkpoint");
        Require(CheckpointEverySteps == 0 || WorkspacePath is not null, nameof(CheckpointEverySteps), CheckpointEverySteps, $"it needs {nameof(WorkspacePath)}, the folder to write to");
        Require(WorkspacePath is null || WorkspacePath.Trim().Length > 0, nameof(WorkspacePath), "\"\"", "give a folder, or null to write nothing");
    }

    /// <summary>A copy that has a seed: its own or, where it has none, this one.</summary>
    internal TrainingOptions WithSeed(int seed)
    {
        var copy = (TrainingOptions)MemberwiseClone();
        copy.Seed ??= seed;
        return copy;
    }

    /// <summary>What a network trained for these labels appends.</summary>
    internal DataViewSchema.DetachedColumn[] OutputColumns(KeyColumn label) =>
    [
        ScoreColumns.Score(ScoreColumnName, label.Labels),
        ScoreColumns.PredictedLabel(PredictedLabelColumnName, label.Count, label.KeyValues),
    ];

    /// <summary>Everything that decides the outcome, as text per field: what a checkpoint was made with and a resumed run must repeat.</summary>
    internal virtual SortedDictionary<string, string> Describe() => new(StringComparer.Ordinal)
    {
        [nameof(InputNoise)] = InputNoise?.ToString() ?? "none",
        [nameof(LatentNoise)] = LatentNoise?.ToString() ?? "none",
        [nameof(MaxEpoch)] = Invariant($"{MaxEpoch}"),
        [nameof(BatchSize)] = Invariant($"{BatchSize}"),
        [nameof(LearningRate)] = Invariant($"{LearningRate:R}"),
        [nameof(FinalLearningRateRatio)] = Invariant($"{FinalLearningRateRatio:R}"),
        [nameof(WarmupEpochs)] = Invariant($"{WarmupEpochs:R}"),
        [nameof(WeightDecay)] = Invariant($"{WeightDecay:R}"),
        [nameof(LabelSmoothing)] = Invariant($"{LabelSmoothing:R}"),
        [nameof(ClipNorm)] = Invariant($"{ClipNorm:R}"),
        [nameof(Seed)] = Invariant($"{Seed}"),
    };

    private protected static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private protected static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds)
            throw new ArgumentException(Invariant($"{name} is {value}; {rule}."), name);
    }

    static void ColumnName(string name, string field) => Require(!string.IsNullOrWhiteSpace(name), field, "empty", "give the name of a column");
}
