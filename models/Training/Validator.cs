using NoisyNN.Models.Architectures;
using NoisyNN.Models.Inference;
using TorchSharp;

namespace NoisyNN.Models.Training;

/// <summary>Measures a network on rows that it is not trained on: in their order, without any noise, so that no row's result depends on another.</summary>
sealed class Validator(ImageClassifier network, torch.Device device, LabelledPixels rows, int batchSize)
{
    /// <summary>The share of rows classified right and the mean cross entropy in nats.</summary>
    public (double Accuracy, double Loss) Run()
    {
        var placement = network.LatentNoise;
        network.SetLatentNoise(null);
        try
        {
            return Measure();
        }
        finally
        {
            network.SetLatentNoise(placement);
        }
    }

    (double Accuracy, double Loss) Measure()
    {
        var classifier = new NetworkClassifier(network, device);
        var pixels = new float[batchSize * rows.RowLength];
        var logits = new float[batchSize * network.ClassCount];
        var classes = new long[batchSize];
        var ids = new Microsoft.ML.Data.DataViewRowId[batchSize];
        var order = Enumerable.Range(0, rows.Count).ToArray();

        var (correct, loss) = (0L, 0.0);
        for (var start = 0; start < rows.Count; start += batchSize)
        {
            var batch = order.AsSpan(start, Math.Min(batchSize, rows.Count - start));
            rows.Gather(batch, pixels, classes, ids);
            classifier.Classify(pixels, batch.Length, logits);
            for (var row = 0; row < batch.Length; row++)
            {
                var scores = logits.AsSpan(row * network.ClassCount, network.ClassCount);
                var (best, logSum) = ArgMaxAndLogSumExp(scores);
                loss += logSum - scores[(int)classes[row]];
                correct += best == classes[row] ? 1 : 0;
            }
        }
        return ((double)correct / rows.Count, loss / rows.Count);
    }

    static (int Best, double LogSum) ArgMaxAndLogSumExp(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var index = 1; index < scores.Length; index++)
            if (scores[index] > scores[best])
                best = index;
        var sum = 0.0;
        foreach (var score in scores)
            sum += Math.Exp(score - scores[best]);
        return (best, scores[best] + Math.Log(sum));
    }
}
