using NoisyNN.Models.Architectures;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training;

/// <summary>
/// The pass over training rows before an evaluation that gives a network's normalisations the statistics of noiseless activations (Achille and Soatto's
/// "dry run"). It starts from nothing and its order depends on the seed alone, so a resumed training repeats it.
/// </summary>
sealed class DryRun(ImageClassifier network, Device device, LabelledPixels rows, int batchSize, int seed)
{
    // A running average that forgets a tenth at every batch has forgotten all but 3e-5 of what came before these: further batches would change nothing.
    const int BatchCount = 100;

    public void Run()
    {
        if (!network.NeedsDryRun)
            return;
        using var gradients = no_grad();
        network.DryRun(Batches());
    }

    /// <summary>Shuffled rows without any noise; few rows come by several times.</summary>
    IEnumerable<Tensor> Batches()
    {
        var size = Math.Min(batchSize, rows.Count);
        using var batch = new Batch(size, network.Channels, network.Height, network.Width);
        var order = SampleOrder.Shuffle(rows.Count, seed, epoch: 0);
        var next = 0;
        for (var count = 0; count < BatchCount; count++)
        {
            if (next + size > order.Length)
                next = 0;
            using var scope = NewDisposeScope();
            batch.Fill(rows, order.AsSpan(next, size));
            next += size;
            yield return batch.Pixels.to(device);
        }
    }
}
