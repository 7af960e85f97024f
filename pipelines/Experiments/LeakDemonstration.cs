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
sealed record LeakFinding(ProtocolResult Result, LatentNoisePlacement Placement);

/// <summary>
/// Scores a trained network with noise attached at inference alone, in class-sorted and in shuffled order: the recipe behind NoisyViT's
/// published figures (science.md), which shows what the order of the test rows does to a network that mixes them.
/// </summary>
sealed class LeakDemonstration(EvaluationSection evaluation, int seed, IRunObserver observer)
{
    /// <summary>The batch size of the published test runs.</summary>
    public const int PublishedBatch = 10;

    /// <summary>
    /// Runs the protocol at the declared place and, for noise that mixes the batch, on the features before the head too. Both are reported,
    /// whatever they show.
    /// </summary>
    public IReadOnlyList<LeakFinding> Run(TrainedPipeline pipeline, RowStore rows, LeakSection leak, CancellationToken cancellation) =>
        [
            .. Places(leak)
                .Select(placement =>
                {
                    observer.Note($"  {NoiseWords.Place(placement)}:");
                    return Judge(pipeline, rows, placement, cancellation);
                }),
        ];

    static IEnumerable<LatentNoisePlacement> Places(LeakSection leak)
    {
        yield return leak.Placement;
        if (leak.Noise.IsTransductive && leak.Site is not NoiseSite.BeforeHead)
            yield return leak.Placement with
            {
                Site = NoiseSite.BeforeHead,
                Layer = -1,
                IncludeClassToken = true,
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
        return new LeakFinding(result, placement);
    }

    /// <summary>A second network with the same weights, so that the trained one stays as it was trained.</summary>
    static Classifier Copy(Classifier network)
    {
        var copy = network.Configuration.Create();
        copy.load_state_dict(network.state_dict());
        return copy;
    }

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
