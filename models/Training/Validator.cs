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

    // Kept from epoch to epoch, since what is as large is collected late. The second is for the companion.
    readonly Room _first = new(Math.Min(batchSize, rows.Count), rows.RowLength, network.ClassCount);
    readonly Room _second = new(companion is null ? 0 : Math.Min(batchSize, rows.Count), rows.RowLength, network.ClassCount);

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
                ? (Measure(classifier, 0, half, _first), Measure(classifier, half, rows.Count, _first))
                : companion.Both(() => Measure(classifier, 0, half, _first), () => Measure(classifier, half, rows.Count, _second));
            return ((double)(first.Correct + second.Correct) / rows.Count, (first.Loss + second.Loss) / rows.Count);
        }
        finally
        {
            network.SetLatentNoise(placement);
        }
    }

    (long Correct, double Loss) Measure(NetworkClassifier classifier, int from, int to, Room room)
    {
        var (correct, loss) = (0L, 0.0);
        for (var start = from; start < to; start += batchSize)
        {
            var batch = _order.AsSpan(start, Math.Min(batchSize, to - start));
            rows.Gather(batch, room.Pixels, room.Classes, room.Ids);
            classifier.Classify(room.Pixels, batch.Length, room.Logits);
            for (var row = 0; row < batch.Length; row++)
            {
                var scores = room.Logits.AsSpan(row * network.ClassCount, network.ClassCount);
                loss += LogSumExp(scores) - scores[(int)room.Classes[row]];
                correct += ScoreColumns.IndexOfLargest(scores) == room.Classes[row] ? 1 : 0;
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

    /// <summary>The rows of a batch and their logits.</summary>
    sealed class Room(int batchSize, int rowLength, int classCount)
    {
        public float[] Pixels { get; } = new float[batchSize * rowLength];

        public float[] Logits { get; } = new float[batchSize * classCount];

        public long[] Classes { get; } = new long[batchSize];

        public DataViewRowId[] Ids { get; } = new DataViewRowId[batchSize];
    }
}
