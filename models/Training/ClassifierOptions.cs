using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training.Declarations;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Models.Training;

/// <summary>The options of every classifier's trainer: labels, scores, pretrained weights and noise beside those of all trainers.</summary>
public abstract class ClassifierOptions : TrainingOptions
{
    /// <summary>A key column with key values; <c>MapValueToKey</c> makes one.</summary>
    [Option(OptionEffect.Execution, Remedy = "give the name of a column"), Required]
    public string LabelColumnName = "Label";

    /// <summary>The column of class probabilities that the trained model appends.</summary>
    [Option(OptionEffect.Execution, Remedy = "give the name of a column"), Required]
    public string ScoreColumnName = "Score";

    /// <summary>The column of predicted keys that the trained model appends.</summary>
    [Option(OptionEffect.Execution, Remedy = "give the name of a column"), Required]
    public string PredictedLabelColumnName = "PredictedLabel";

    /// <summary>
    /// A safetensors file of weights to begin with, under timm's, Hugging Face's or torchvision's names; null begins with random ones. A
    /// head for another number of classes stays random; a file that leaves a part of the body random is refused.
    /// <see cref="TrainingResult.Pretrained"/> and the log say what was loaded.
    /// </summary>
    [Option(OptionEffect.Outcome)]
    public string? PretrainedPath;

    /// <summary>Noise on the input pixels, drawn anew in every epoch; null for none.</summary>
    [Option(OptionEffect.Outcome)]
    public NoiseDefinition? InputNoise;

    /// <summary>Noise inside the network; null for none.</summary>
    [Option(OptionEffect.Outcome)]
    public LatentNoisePlacement? LatentNoise;

    /// <summary>
    /// Rows of another domain, whose labels are not read: a penalty makes their features like those of the training rows, by maximum mean
    /// discrepancy (Long et al., arXiv 1502.02791). Null for none; otherwise <see cref="AlignmentWeight"/> is above 0.
    /// </summary>
    [Option(OptionEffect.Execution)]
    public IDataView? TargetSet;

    /// <summary>The weight of that penalty in the loss; 0 without a <see cref="TargetSet"/>.</summary>
    [Option(OptionEffect.Outcome), Range(0.0, 1e9)]
    public double AlignmentWeight;

    /// <summary>
    /// Measures layers of the network before the first epoch (0) and after each; null measures nothing. Called on the training thread, in
    /// evaluation, without gradients. It must not change the network.
    /// </summary>
    [Option(OptionEffect.Execution)]
    public Func<Classifier, int, IReadOnlyList<LayerMeasurement>>? MeasureLayers;

    /// <summary>The network's sizes.</summary>
    internal abstract override ClassifierConfiguration Configuration { get; }

    /// <summary>What a network trained for these labels appends.</summary>
    internal DataViewSchema.DetachedColumn[] OutputColumns(KeyColumn label) =>
        [
            ScoreColumns.Score(ScoreColumnName, label.Labels),
            ScoreColumns.PredictedLabel(PredictedLabelColumnName, label.Count, label.KeyValues),
        ];

    /// <inheritdoc/>
    internal override void Validate()
    {
        base.Validate();
        Require(
            ScoreColumnName != PredictedLabelColumnName,
            nameof(PredictedLabelColumnName),
            PredictedLabelColumnName,
            $"it must differ from {nameof(ScoreColumnName)}"
        );
        Require(
            AlignmentWeight > 0 == TargetSet is not null,
            nameof(AlignmentWeight),
            AlignmentWeight,
            $"it weighs the rows of {nameof(TargetSet)}; give both, or leave out both"
        );
        Require(SimClr is null || TargetSet is null, nameof(SimClr), "set", $"{nameof(TargetSet)} is given too; take one or the other");
        // Both compare the rows of a batch, of which a rank has a part.
        Require(
            Ranks == 1 || (SimClr is null && TargetSet is null),
            nameof(Ranks),
            Ranks,
            $"{nameof(SimClr)} and {nameof(TargetSet)} need whole batches; leave it at 1"
        );
        Require(
            PretrainedPath is null || InitialScale == 1,
            nameof(InitialScale),
            InitialScale,
            $"{nameof(PretrainedPath)} is given too; pretrained weights are not scaled, so leave it at 1"
        );
        Require(
            PretrainedPath is null || File.Exists(PretrainedPath),
            nameof(PretrainedPath),
            $"'{PretrainedPath}'",
            "there is no such file"
        );
    }
}
