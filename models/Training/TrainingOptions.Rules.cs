using System.Text.Json;
using Microsoft.ML;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training.Process;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Models.Training;

/// <summary>The rules that the options keep, and what of them a checkpoint remembers.</summary>
public abstract partial class TrainingOptions
{
    /// <summary>Checks every field before any work is done.</summary>
    /// <exception cref="ArgumentException">A field is out of its range; the message names it, its value and the remedy.</exception>
    internal virtual void Validate()
    {
        ColumnName(LabelColumnName, nameof(LabelColumnName));
        ColumnName(FeatureColumnName, nameof(FeatureColumnName));
        ColumnName(ScoreColumnName, nameof(ScoreColumnName));
        ColumnName(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
        Require(
            ScoreColumnName != PredictedLabelColumnName,
            nameof(PredictedLabelColumnName),
            PredictedLabelColumnName,
            $"it must differ from {nameof(ScoreColumnName)}"
        );
        Require(MaxEpoch >= 1, nameof(MaxEpoch), MaxEpoch, "it must be at least 1");
        Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "it must be at least 1");
        Require(
            AccumulationSteps >= 1 && (long)AccumulationSteps * BatchSize <= int.MaxValue,
            nameof(AccumulationSteps),
            AccumulationSteps,
            $"it must be at least 1, and a step of {nameof(BatchSize)} ({BatchSize}) times as many rows must fit into an array"
        );
        Require(
            LearningRate > 0 && double.IsFinite(LearningRate),
            nameof(LearningRate),
            LearningRate,
            "it must be a finite number above 0; 0.001 is a usual start"
        );
        Require(
            FinalLearningRateRatio is >= 0 and <= 1,
            nameof(FinalLearningRateRatio),
            FinalLearningRateRatio,
            "it is a share from 0 to 1"
        );
        Require(
            WarmupEpochs >= 0 && WarmupEpochs <= MaxEpoch,
            nameof(WarmupEpochs),
            WarmupEpochs,
            $"it must lie between 0 and {nameof(MaxEpoch)} ({MaxEpoch})"
        );
        Require(
            WeightDecay >= 0 && double.IsFinite(WeightDecay),
            nameof(WeightDecay),
            WeightDecay,
            "it must be a finite number of at least 0"
        );
        Require(
            LayerRateDecay is > 0 and <= 1,
            nameof(LayerRateDecay),
            LayerRateDecay,
            "it is a factor above 0 and at most 1; 1 trains all layers alike"
        );
        Require(
            MovingAverageDecay is >= 0 and < 1,
            nameof(MovingAverageDecay),
            MovingAverageDecay,
            "it must be at least 0 and below 1; 0 keeps no average, 0.999 is usual"
        );
        Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "it is a share of at least 0 and below 1");
        ArgumentNullException.ThrowIfNull(ClassWeights);
        Require(
            ClassWeights.All(weight => weight >= 0 && double.IsFinite(weight))
                && (ClassWeights.Count == 0 || ClassWeights.Any(weight => weight > 0)),
            nameof(ClassWeights),
            $"[{string.Join(", ", ClassWeights)}]",
            "weights are finite numbers of at least 0, not all of them 0"
        );
        Require(
            !BalanceClasses || ClassWeights.Count == 0,
            nameof(BalanceClasses),
            BalanceClasses,
            $"{nameof(ClassWeights)} are given too; take one or the other"
        );
        Require(Patience >= 0, nameof(Patience), Patience, "it must be at least 0; 0 never stops early");
        Require(
            ClipNorm >= 0 && double.IsFinite(ClipNorm),
            nameof(ClipNorm),
            ClipNorm,
            "it must be a finite number of at least 0; 0 switches clipping off"
        );
        Require(CheckpointEverySteps >= 0, nameof(CheckpointEverySteps), CheckpointEverySteps, "it must be at least 0");
        Require(LogEverySteps >= 0, nameof(LogEverySteps), LogEverySteps, "it must be at least 0");
        Require(
            ThreadCount is >= 0 and <= ThreadLimit.Largest,
            nameof(ThreadCount),
            ThreadCount,
            $"it must be from 0, which leaves libtorch's own number, to {ThreadLimit.Largest}"
        );
        Require(
            Enum.IsDefined(Precision),
            nameof(Precision),
            Precision,
            $"it is {nameof(Precision.Float32)} or {nameof(Precision.Bfloat16)}"
        );
        Require(
            LinearProduct is not { } way || Enum.IsDefined(way),
            nameof(LinearProduct),
            LinearProduct ?? default,
            $"it is {nameof(Layers.LinearProduct.Matrix)}, {nameof(Layers.LinearProduct.Convolution)} or null"
        );
        Require(LoadingThreadCount is >= 1 and <= 256, nameof(LoadingThreadCount), LoadingThreadCount, "it must be from 1 to 256");
        Require(
            RowMemoryBytes is null or >= 0,
            nameof(RowMemoryBytes),
            RowMemoryBytes ?? 0,
            "it is a number of bytes of at least 0, or null for a quarter of the memory"
        );
        Require(
            !Resume || WorkspacePath is not null,
            nameof(Resume),
            Resume,
            $"it needs {nameof(WorkspacePath)}, the folder that holds the checkpoint"
        );
        Require(
            !TensorBoard || WorkspacePath is not null,
            nameof(TensorBoard),
            TensorBoard,
            $"it needs {nameof(WorkspacePath)}, the folder to write to"
        );
        Require(
            CheckpointEverySteps == 0 || WorkspacePath is not null,
            nameof(CheckpointEverySteps),
            CheckpointEverySteps,
            $"it needs {nameof(WorkspacePath)}, the folder to write to"
        );
        Require(
            WorkspacePath is null || WorkspacePath.Trim().Length > 0,
            nameof(WorkspacePath),
            "\"\"",
            "give a folder, or null to write nothing"
        );
        Require(
            PretrainedPath is null || File.Exists(PretrainedPath),
            nameof(PretrainedPath),
            $"'{PretrainedPath}'",
            "there is no such file"
        );
        ArgumentNullException.ThrowIfNull(Configuration, "Network");
        Configuration.Validate();
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

    /// <summary>
    /// Everything that decides the outcome, as text per field: what a checkpoint was made with and a resumed run must repeat.
    /// </summary>
    internal virtual SortedDictionary<string, string> Describe() =>
        new(StringComparer.Ordinal)
        {
            ["Network"] = $"{Configuration.Architecture} {JsonSerializer.Serialize(Configuration, Configuration.GetType())}",
            [nameof(PretrainedPath)] = PretrainedPath ?? "none",
            [nameof(Augmentation)] = Augmentation is null ? "none" : JsonSerializer.Serialize(Augmentation),
            [nameof(InputNoise)] = InputNoise?.ToString() ?? "none",
            [nameof(LatentNoise)] = LatentNoise?.ToString() ?? "none",
            [nameof(MaxEpoch)] = Invariant($"{MaxEpoch}"),
            [nameof(BatchSize)] = Invariant($"{BatchSize}"),
            [nameof(AccumulationSteps)] = Invariant($"{AccumulationSteps}"),
            [nameof(LearningRate)] = Invariant($"{LearningRate:R}"),
            [nameof(FinalLearningRateRatio)] = Invariant($"{FinalLearningRateRatio:R}"),
            [nameof(WarmupEpochs)] = Invariant($"{WarmupEpochs:R}"),
            [nameof(WeightDecay)] = Invariant($"{WeightDecay:R}"),
            [nameof(LayerRateDecay)] = Invariant($"{LayerRateDecay:R}"),
            [nameof(MovingAverageDecay)] = Invariant($"{MovingAverageDecay:R}"),
            [nameof(LabelSmoothing)] = Invariant($"{LabelSmoothing:R}"),
            [nameof(BalanceClasses)] = Invariant($"{BalanceClasses}"),
            [nameof(ClassWeights)] = string.Join(' ', ClassWeights.Select(weight => Invariant($"{weight:R}"))),
            [nameof(Patience)] = Invariant($"{Patience}"),
            [nameof(ClipNorm)] = Invariant($"{ClipNorm:R}"),
            [nameof(Precision)] = Precision.ToString(),
            [nameof(LinearProduct)] = LinearProduct?.ToString() ?? "the faster",
            [nameof(Seed)] = Invariant($"{Seed}"),
        };

    private protected static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private protected static void Require(bool holds, string name, object value, string rule)
    {
        if (!holds)
            throw new ArgumentException(Invariant($"{name} is {value}; {rule}."), name);
    }

    static void ColumnName(string name, string field) =>
        Require(!string.IsNullOrWhiteSpace(name), field, "empty", "give the name of a column");
}
