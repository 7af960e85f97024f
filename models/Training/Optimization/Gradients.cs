using NoisyNN.Models.Networks;
using NoisyNN.Models.Training.Batches;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Optimization;

/// <summary>The forward and backward pass of a training step, one batch after the other where it has several.</summary>
sealed class Gradients(Classifier network, Device device, Objective objective, int batchSize, long trainingRows)
{
    /// <summary>
    /// Adds the gradients of the mean loss over a step's rows; returns this loss, how many rows were classified right, and each layer's
    /// penalty.
    /// </summary>
    public (double Loss, long Correct, PenaltySums Penalties) Compute(Batch rows)
    {
        var (loss, correct, penalties) = (0.0, 0L, PenaltySums.None);
        for (var start = 0; start < rows.Count; start += batchSize)
        {
            var part = Part(rows, start, Math.Min(batchSize, rows.Count - start));
            (loss, correct, penalties) = (loss + part.Loss, correct + part.Correct, penalties.Add(part.Penalties));
        }
        return (loss, correct, penalties);
    }

    (double Loss, long Correct, PenaltySums Penalties) Part(Batch rows, int start, int count)
    {
        using var scope = NewDisposeScope();
        var classes = rows.Classes.narrow(0, start, count).to(device);
        var (logits, penalties) = network.ForwardWithPenalties(rows.Pixels.narrow(0, start, count).to(device), trainingRows);
        var sum =
            rows.Share == 1
                ? objective.Sum(logits, classes)
                : objective.Sum(logits, classes) * rows.Share
                    + objective.Sum(logits, rows.Partners.narrow(0, start, count).to(device)) * (1 - rows.Share);
        var loss = penalties.Aggregate(sum, (total, term) => total + term.Value * (term.Weight * count)) * (1.0 / rows.Count);
        loss.backward();
        var correct = logits.detach().argmax(1).eq(classes).sum().item<long>();
        return (loss.item<float>(), correct, PenaltySums.Of(penalties, rows: count));
    }
}
