using NoisyNN.Models.Networks;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training.Batches;
using static TorchSharp.torch;

namespace NoisyNN.Models.Trainers;

/// <summary>
/// The pass over training rows before an evaluation that gives a network's normalisations the statistics of noiseless activations (Achille
/// and Soatto's "dry run"): at most 100 shuffled batches of them. Its order depends on the seed alone, so a resumed training repeats it.
/// </summary>
sealed class DryRun(Classifier network, Device device, RowStore rows, int batchSize, int seed)
{
    // Means over so many batches hardly change with more.
    const int LargestCount = 100;

    public void Run()
    {
        if (!network.NeedsDryRun)
            return;
        using var gradients = no_grad();
        network.DryRun(Batches());
    }

    /// <summary>Full batches of shuffled rows without any noise.</summary>
    IEnumerable<Tensor> Batches()
    {
        var size = Math.Min(batchSize, rows.Count);
        using var batch = new Batch(size, network.InputShape);
        var order = SampleOrder.Shuffle(rows.Count, seed, epoch: 0);
        for (var index = 0; index < Math.Min(rows.Count / size, LargestCount); index++)
        {
            using var scope = NewDisposeScope();
            batch.Fill(rows, order.AsSpan(index * size, size));
            yield return batch.Pixels.to(device);
        }
    }
}
