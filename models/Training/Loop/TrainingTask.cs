using NoisyNN.Models.Layers;
using NoisyNN.Models.Training.Batches;
using NoisyNN.Models.Training.Checkpoints;
using NoisyNN.Models.Training.Optimization;
using NoisyNN.Transforms.Noise;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Loop;

/// <summary>
/// What a network learns in a <see cref="TrainingLoop"/>: the gradients of a step, the figures of an epoch beside its loss, and how the
/// network does on rows that it is not trained on.
/// </summary>
/// <param name="network">The network, on the device that it is trained on.</param>
/// <param name="share">The rows of a step that this process computes, and in which parts.</param>
abstract class TrainingTask(nn.Module network, StepShare share) : IDisposable
{
    /// <summary>What is learned, as a checkpoint remembers it.</summary>
    public abstract string Name { get; }

    /// <summary>The network whose parameters are trained.</summary>
    public nn.Module Network => network;

    /// <summary>The shape of a row, such as [C, H, W].</summary>
    public abstract IReadOnlyList<int> RowShape { get; }

    /// <summary>Noise on the rows of a step; null for none.</summary>
    public virtual NoiseDefinition? InputNoise => null;

    /// <summary>Whether the task augments the rows of a step itself, so that it gets them as they are.</summary>
    public virtual bool AugmentsRows => false;

    /// <summary>Whether the network has products that <see cref="LinearProduct"/> chooses the way of.</summary>
    public virtual bool HasLinearProducts => false;

    /// <summary>The way of those products from now on.</summary>
    public virtual void SetLinearProduct(LinearProduct way) { }

    /// <summary>The precision of the network's products from now on.</summary>
    public virtual void SetPrecision(Precision precision) { }

    /// <summary>A step begins, counted from 0.</summary>
    public virtual void BeginStep(long step) { }

    /// <summary>
    /// Adds the gradients that this process's rows have in the mean loss over the step's, one part after the other where it has several.
    /// </summary>
    /// <param name="rows">The rows; none is allowed.</param>
    /// <param name="beginPart">Called before a part, with its number among all parts of the step; null for nobody.</param>
    /// <param name="blockLeft">Called in the last part's backward pass when it has left a block of the network; null for nobody.</param>
    /// <returns>What these rows add to the mean loss, and the other figures summed over them.</returns>
    public (double Loss, NamedSums Figures) Compute(Batch rows, Action<int>? beginPart = null, Action<int>? blockLeft = null)
    {
        var (loss, figures) = (0.0, NamedSums.None);
        for (var start = 0; start < rows.Count; start += share.PartSize)
        {
            using var scope = NewDisposeScope();
            beginPart?.Invoke(share.FirstPart + start / share.PartSize);
            // Until then, the gradients of the other parts are still to be added.
            SetBlockLeft(start + share.PartSize >= rows.Count ? blockLeft : null);
            var part = Compute(rows, start, Math.Min(share.PartSize, rows.Count - start));
            (loss, figures) = (loss + part.Loss, figures.Add(part.Figures));
        }
        return (loss, figures);
    }

    /// <summary>Who hears that the backward pass has left a block; networks without such marks tell nobody.</summary>
    protected virtual void SetBlockLeft(Action<int>? blockLeft) { }

    /// <summary>Adds the gradients that some of a step's rows have in the mean over all of them.</summary>
    /// <returns>What these rows add to that mean, and the other figures summed over them.</returns>
    protected abstract (double Loss, NamedSums Figures) Compute(Batch rows, int start, int count);

    /// <summary>Adds the figures of training rows beside the loss to a report.</summary>
    public abstract TrainingMetrics Describe(TrainingMetrics metrics, EpochTotals totals);

    /// <summary>The network is about to be judged, or to be the outcome.</summary>
    public virtual void PrepareForEvaluation() { }

    /// <summary>How the network does on the validation rows, without any noise that its task does not ask for; null without any.</summary>
    /// <returns>The mean loss, the lower the better, and the share classified right where there are classes.</returns>
    public abstract (double Loss, double? Accuracy)? Validate();

    /// <summary>Measures layers of the network, in evaluation and without gradients, before the first epoch (0) or after one.</summary>
    public virtual IReadOnlyList<LayerMeasurement> Measure(int epoch) => [];

    /// <inheritdoc/>
    public abstract void Dispose();
}
