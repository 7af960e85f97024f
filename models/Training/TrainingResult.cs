using NoisyNN.Models.Layers;
using NoisyNN.Models.Weights;

namespace NoisyNN.Models.Training;

/// <summary>How a training went.</summary>
public sealed record TrainingResult
{
    /// <summary>
    /// The epoch, counted from 1, whose weights the model has; 0 when a training was cut off before its first epoch ended.
    /// </summary>
    public required int BestEpoch { get; init; }

    /// <summary>The validation accuracy of these weights, without any noise; null without a validation set.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Whether the training was cancelled before its last step.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Whether <see cref="TrainingRecipe.Patience"/> ended the training before its last epoch.</summary>
    public bool StoppedEarly { get; init; }

    /// <summary>Steps done, those before a resume included.</summary>
    public required long Steps { get; init; }

    /// <summary>Seconds spent, validation and checkpoints included, and those before a resume.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training images per second over all completed epochs, validation not counted.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>The report at the end of each completed epoch.</summary>
    public required IReadOnlyList<TrainingMetrics> Epochs { get; init; }

    /// <summary>The step at which an earlier run's checkpoint was taken up; null for a fresh start.</summary>
    public long? ResumedFromStep { get; init; }

    /// <summary>What became of the arrays of <see cref="ClassifierOptions.PretrainedPath"/>; null where there was no such file.</summary>
    public PretrainedReport? Pretrained { get; init; }

    /// <summary>The processes that trained together.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>
    /// The share of the steps' time in which this process exchanged gradients with the others and waited for them; null for one process.
    /// </summary>
    public double? ExchangeShare { get; init; }

    /// <summary>"cpu" or "cuda:0".</summary>
    public required string Device { get; init; }

    /// <summary>The way of float32 products that was taken, or taken over from a checkpoint; null for a network without a choice.</summary>
    public LinearProduct? LinearProduct { get; init; }

    /// <summary>A line for the training, and one for each completed epoch.</summary>
    public override string ToString() =>
        string.Join(
            Environment.NewLine,
            [
                FormattableString.Invariant(
                    $"{Steps} steps in {Seconds:0.0} s on {Device}, {ImagesPerSecond:0} images/s; weights of epoch {BestEpoch}"
                )
                    + (ValidationAccuracy is { } accuracy ? FormattableString.Invariant($", validation accuracy {accuracy:0.0000}") : "")
                    + (Interrupted ? "; interrupted" : "")
                    + (StoppedEarly ? "; stopped early" : "")
                    + (ResumedFromStep is { } step ? $"; resumed from step {step}" : "")
                    + (Ranks > 1 ? FormattableString.Invariant($"; {Ranks} ranks, {ExchangeShare:P1} of the time between them") : "")
                    + (Pretrained is null ? "" : $"; pretrained: {Pretrained}"),
                .. Epochs.Select(epoch => $"  {epoch}"),
            ]
        );
}
