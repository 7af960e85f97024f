using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>Chooses the batches in which rows are scored.</summary>
static class ScoringBatches
{
    const int FewImages = 2000,
        UsualSize = 32;

    /// <param name="resumed">The progress of an interrupted run, whose batches stay; null for a new one.</param>
    /// <param name="batchSize">Rows in a batch; null to find the number in a warm-up.</param>
    /// <param name="imageCount">The number of image files; 0 for other rows.</param>
    public static OnnxBatchEstimator.Options For(TableProgress? resumed, int? batchSize, int imageCount) =>
        resumed is not null
            ? new()
            {
                BatchSize = resumed.BatchSize,
                ParallelRuns = resumed.ParallelRuns,
                IntraOpNumThreads = resumed.Threads,
            }
        // The number of readable images is still unknown. A warm-up does not pay off for a few images.
        : imageCount is > 0 and < FewImages ? new() { BatchSize = batchSize ?? UsualSize, ParallelRuns = 1 }
        : new() { BatchSize = batchSize };

    /// <summary>The batches of shards. A warm-up might choose others on each machine, and shards begin between two batches.</summary>
    public static OnnxBatchEstimator.Options ForShards(int? batchSize) => new() { BatchSize = batchSize ?? UsualSize, ParallelRuns = 1 };
}
