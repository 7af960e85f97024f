using NoisyNN.Models.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Training;

/// <summary>The forward and backward pass of a training step, as two halves of the batch side by side where the network allows it.</summary>
/// <remarks>The halves' gradients are added to the same tensors, and a sum of two is the same in either order: the result does not depend on who is first.</remarks>
sealed class Gradients(ImageClassifier network, Device device, double labelSmoothing, Companion? companion)
{
    /// <summary>Adds the gradients of the mean loss over a batch; returns this loss and how many rows were classified right.</summary>
    public (double Loss, long Correct) Compute(Batch batch)
    {
        if (companion is null || batch.Count < 2 || !network.CanSplitBatches)
            return Pass(batch, 0, batch.Count);

        var half = batch.Count / 2;
        var (first, second) = companion.Both(() => Pass(batch, 0, half), () => Pass(batch, half, batch.Count - half));
        return (first.Loss + second.Loss, first.Correct + second.Correct);
    }

    (double Loss, long Correct) Pass(Batch batch, int start, int count)
    {
        using var scope = NewDisposeScope();
        var classes = batch.Classes.narrow(0, start, count).to(device);
        var logits = network.call(batch.Pixels.narrow(0, start, count).to(device));
        var loss = functional.cross_entropy(logits, classes, label_smoothing: labelSmoothing);
        var share = (double)count / batch.Count;
        (count == batch.Count ? loss : loss * share).backward();
        var correct = logits.detach().argmax(1).eq(classes).sum().item<long>();
        return (loss.item<float>() * share, correct);
    }
}
