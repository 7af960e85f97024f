namespace NoisyNN.Pipelines.Evaluation;

/// <summary>How thoroughly a classifier with noise is judged.</summary>
public sealed record ProtocolOptions
{
    /// <summary>Rows of a batch; 1 is always among them, because it is what the others are compared with.</summary>
    public IReadOnlyList<int> BatchSizes { get; init; } = [1, 10, 64];

    /// <summary>How many shuffled orders are scored.</summary>
    public int ShuffleCount { get; init; } = 5;

    /// <summary>The seed of the first shuffled order; the others follow by one.</summary>
    public int FirstSeed { get; init; }

    /// <summary>Batch size of the figures without noise, which do not depend on it (that is checked).</summary>
    public int CleanBatchSize { get; init; } = 64;

    /// <summary>Rows, spread evenly, on which the classifier without noise is also asked alone, and the one with noise twice.</summary>
    public int InvarianceRowCount { get; init; } = 64;

    /// <summary>
    /// The largest change of a logit that counts as none, relative to the largest logit (at least 1). Float32 sums come out differently in
    /// another order, and matrix products choose their order by the batch size, so that 0 cannot be had; mixing rows changes logits
    /// thousands of times more.
    /// </summary>
    public double InvarianceTolerance { get; init; } = 1e-5;

    /// <summary>Hears of each line of the result as it is known.</summary>
    public IProgress<ProtocolRow>? Progress { get; init; }

    /// <summary>Stops between two batches.</summary>
    public CancellationToken CancellationToken { get; init; }
}
