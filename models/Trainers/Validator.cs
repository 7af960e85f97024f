using Microsoft.ML.Data;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;
using NoisyNN.Transforms.Onnx.Scoring;
using TorchSharp;

namespace NoisyNN.Models.Trainers;

/// <summary>
/// Measures a network on rows that it is not trained on: in their order, without any noise, so that no row's result depends on another.
/// </summary>
sealed class Validator(Classifier network, torch.Device device, RowStore rows, int batchSize)
{
    readonly int[] _order = [.. Enumerable.Range(0, rows.Count)];

    // Kept from epoch to epoch, since what is as large is collected late.
    readonly Room _room = new(Math.Min(batchSize, rows.Count), rows.RowLength, network.ClassCount);

    /// <summary>The mean cross entropy in nats and the share of rows classified right.</summary>
    public (double Loss, double? Accuracy) Run()
    {
        var placement = network.LatentNoise;
        network.SetLatentNoise(null);
        try
        {
            var (correct, loss) = Measure(new NetworkClassifier(network, device));
            return (loss / rows.Count, (double)correct / rows.Count);
        }
        finally
        {
            network.SetLatentNoise(placement);
        }
    }

    (long Correct, double Loss) Measure(NetworkClassifier classifier)
    {
        var (correct, loss) = (0L, 0.0);
        for (var start = 0; start < rows.Count; start += batchSize)
        {
            var batch = _order.AsSpan(start, Math.Min(batchSize, rows.Count - start));
            rows.Gather(batch, _room.Pixels, _room.Classes, _room.Ids);
            classifier.Classify(_room.Pixels, batch.Length, _room.Logits);
            for (var row = 0; row < batch.Length; row++)
            {
                var scores = _room.Logits.AsSpan(row * network.ClassCount, network.ClassCount);
                loss += LogSumExp(scores) - scores[(int)_room.Classes[row]];
                correct += ScoreColumns.IndexOfLargest(scores) == _room.Classes[row] ? 1 : 0;
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
