using Microsoft.ML.Data;
using NoisyNN.Models.Architectures;
using NoisyNN.Models.Inference;
using NoisyNN.Transforms.Scoring;
using TorchSharp;

namespace NoisyNN.Models.Training;

/// <summary>Measures a network on rows that it is not trained on: in their order, without any noise, so that no row's result depends on another.</summary>
sealed class Validator(ImageClassifier network, torch.Device device, LabelledPixels rows, int batchSize, Companion? companion)
{
    readonly int[] _order = [.. Enumerable.Range(0, rows.Count)];

    /// <summary>The share of rows classified right and the mean cross entropy in nats.</summary>
    public (double Accuracy, double Loss) Run()
    {
        var placement = network.LatentNoise;
        network.SetLatentNoise(null);
        try
        {
            var classifier = new NetworkClassifier(network, device);
            var half = rows.Count / 2;
            var (first, second) = companion is null
                ? (Measure(classifier, 0, half), Measure(classifier, half, rows.Count))
                : companion.Both(() => Measure(classifier, 0, half), () => Measure(classifier, half, rows.Count));
            return ((double)(first.Correct + second.Correct) / rows.Count, (first.Loss + second.Loss) / rows.Count);
        }
        finally
        {
            network.SetLatentNoise(placement);
        }
    }

    (long Correct, double Loss) Measure(NetworkClassifier classifier, int from, int to)
    {
        var pixels = new float[batchSize * rows.RowLength];
        var logits = new float[batchSize * network.ClassCount];
        var classes = new long[batchSize];
        var ids = new DataViewRowId[batchSize];

        var (correct, loss) = (0L, 0.0);
        for (var start = from; start < to; start += batchSize)
        {
            var batch = _order.AsSpan(start, Math.Min(batchSize, to - start));
            rows.Gather(batch, pixels, classes, ids);
            classifier.Classify(pixels, batch.Length, logits);
            for (var row = 0; row < batch.Length; row++)
            {
                var scores = logits.AsSpan(row * network.ClassCount, network.ClassCount);
                loss += LogSumExp(scores) - scores[(int)classes[row]];
                correct += ScoreColumns.IndexOfLargest(scores) == classes[row] ? 1 : 0;
            }
        }
        return (correct, loss);
    }

    static double LogSumExp(ReadOnlySpan<float> scores)
    {
        var largest = float.NegativeInfinity;
        foreach (var score in scores)
            largest = MathF.Max(largest, score);
        var sum = 0.0;
        foreach (var score in scores)
            sum += Math.Exp(score - largest);
        return largest + Math.Log(sum);
    }
}
