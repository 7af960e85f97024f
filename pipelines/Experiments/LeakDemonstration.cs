using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;
using NoisyNN.Pipelines.Evaluation;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using TorchSharp;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>What the protocol found, and where the noise was.</summary>
sealed record LeakFinding(ProtocolResult Result, LatentNoisePlacement Placement, string Remark)
{
    /// <summary>
    /// Class-sorted beats noise off, shuffled falls below it, and a row alone is not changed: the gain is the neighbours' labels.
    /// </summary>
    public bool IsShown(int batch) =>
        Result.SortedAccuracy(batch) > Result.NoiseOff.Accuracy
        && Result.ShuffledAccuracy(batch) < Result.NoiseOff.Accuracy
        && Result.Alone.Correct == Result.NoiseOff.Correct;
}

/// <summary>
/// Scores a trained network with noise attached at inference alone, in class-sorted and in shuffled order: the recipe behind NoisyViT's
/// published figures (science.md), which shows what the order of the test rows does to a network that mixes them.
/// </summary>
sealed class LeakDemonstration(EvaluationSection evaluation, int seed, IRunObserver observer)
{
    /// <summary>The batch size of the published test runs.</summary>
    public const int PublishedBatch = 10;

    /// <summary>
    /// Runs the protocol at the declared place and, where a small network does not show the effect there, on the features before the head
    /// too.
    /// </summary>
    public LeakFinding Run(TrainedPipeline pipeline, RowStore rows, LeakSection leak, CancellationToken cancellation)
    {
        var declared = Judge(pipeline, rows, leak.Placement, cancellation);
        var batch = evaluation.Batches.Contains(PublishedBatch) ? PublishedBatch : evaluation.Batches.Max();
        if (!leak.Noise.IsTransductive || batch == 1 || declared.IsShown(batch) || leak.Site is NoiseSite.BeforeHead)
            return declared;

        observer.Note($"the effect does not show {NoiseWords.Place(leak.Placement)}; mixing the features before the head instead");
        var beforeHead = Judge(
            pipeline,
            rows,
            leak.Placement with
            {
                Site = NoiseSite.BeforeHead,
                Layer = -1,
                IncludeClassToken = true,
            },
            cancellation
        );
        return beforeHead with
        {
            Remark =
                $" {Capital(NoiseWords.Place(declared.Placement))} this network does not show it: sorted "
                + $"{declared.Result.SortedAccuracy(batch):P2}, "
                + $"shuffled {declared.Result.ShuffledAccuracy(batch):P2}, noise off "
                + $"{declared.Result.NoiseOff.Accuracy:P2} at batch {batch}.",
        };
    }

    LeakFinding Judge(TrainedPipeline pipeline, RowStore rows, LatentNoisePlacement placement, CancellationToken cancellation)
    {
        using var noisy = Copy(pipeline.Network);
        noisy.SetLatentNoise(placement);
        noisy.to(pipeline.Trained.Device);
        torch.manual_seed(seed); // for noise that is drawn, not mixed
        var result = Protocol.Run(
            new NetworkClassifier(pipeline.Network, pipeline.Trained.Device),
            new NetworkClassifier(noisy, pipeline.Trained.Device),
            rows,
            placement.Noise.Name,
            new ProtocolOptions
            {
                BatchSizes = evaluation.Batches,
                ShuffleCount = evaluation.Shuffles!.Value,
                FirstSeed = seed,
                Progress = new Announcement(observer),
                CancellationToken = cancellation,
            }
        );
        return new LeakFinding(result, placement, "");
    }

    /// <summary>A second network with the same weights, so that the trained one stays as it was trained.</summary>
    static Classifier Copy(Classifier network)
    {
        var copy = network.Configuration.Create();
        copy.load_state_dict(network.state_dict());
        return copy;
    }

    static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    sealed class Announcement(IRunObserver observer) : IProgress<ProtocolRow>
    {
        public void Report(ProtocolRow row)
        {
            if (row.Seed is null)
                observer.Note(
                    FormattableString.Invariant(
                        $"  noise {row.Noise, -16} {row.Order, -8} batch {row.Batch, 3}  accuracy {row.Accuracy:0.0000}"
                    )
                );
        }
    }
}
