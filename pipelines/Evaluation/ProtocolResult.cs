using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Evaluation;

/// <summary>One line of the protocol: how many rows come out right under one noise, in one order, at one batch size.</summary>
/// <param name="Noise">The noise's name, or <see cref="ProtocolResult.NoNoise"/>.</param>
/// <param name="Order"><see cref="ProtocolResult.Sorted"/> by class or <see cref="ProtocolResult.Shuffled"/>.</param>
/// <param name="Batch">Rows of a batch.</param>
/// <param name="Seed">The seed of a shuffled order; null for the sorted one, and at batch 1, where the order does not matter.</param>
/// <param name="Correct">Rows classified rightly.</param>
/// <param name="Total">Rows.</param>
public sealed record ProtocolRow(string Noise, string Order, int Batch, int? Seed, int Correct, int Total)
{
    /// <summary>Correct / total.</summary>
    public double Accuracy => (double)Correct / Total;

    /// <summary>Wilson's 95 % interval of the accuracy.</summary>
    public Interval Interval => Interval.OfShare(Correct, Total);
}

/// <summary>What the noise adds to accuracy: with it minus without it, on the same rows.</summary>
/// <param name="Order">The order of the rows; both at batch 1.</param>
/// <param name="Batch">Rows of a batch.</param>
/// <param name="Value">Difference of accuracies; shuffled orders are averaged.</param>
/// <param name="Interval">
/// 95 %, paired, and clustered by batch or by shuffled order. Null if too few batches or rows differ for an interval that covers.
/// </param>
public sealed record NoiseGain(string Order, int Batch, double Value, Interval? Interval)
{
    /// <summary>More than chance explains.</summary>
    public bool IsGain => Interval is { Low: > 0 };

    /// <summary>Less than chance explains.</summary>
    public bool IsLoss => Interval is { High: < 0 };
}

/// <summary>How much a row's logits depend on what else is in its batch.</summary>
/// <param name="LargestChange">The largest difference between a logit of a row alone and among others.</param>
/// <param name="LogitScale">The largest logit, by absolute value, of the rows alone.</param>
/// <param name="Tolerance">The largest change that passes.</param>
/// <param name="RowCount">Rows compared.</param>
public sealed record BatchInvariance(double LargestChange, double LogitScale, double Tolerance, int RowCount)
{
    /// <summary>Whether the neighbours do not matter.</summary>
    public bool Passed => LargestChange <= Tolerance;
}

/// <summary>What the protocol found.</summary>
public sealed record ProtocolResult
{
    /// <summary>The noise's name in lines without noise.</summary>
    public const string NoNoise = "none";

    /// <summary>Rows ordered by class.</summary>
    public const string Sorted = "sorted";

    /// <summary>Rows in a random order.</summary>
    public const string Shuffled = "shuffled";

    /// <summary>The noise that was on.</summary>
    public required string Noise { get; init; }

    /// <summary>Every line: first the one without noise, then sorted and shuffled at each batch size.</summary>
    public required IReadOnlyList<ProtocolRow> Rows { get; init; }

    /// <summary>Without noise: the headline figure, if <see cref="CleanInvariance"/> passed.</summary>
    public required ProtocolRow NoiseOff { get; init; }

    /// <summary>
    /// The leak index at each batch size above 1. Where invariance has passed and no row comes out differently, it is 0 for sure.
    /// </summary>
    public required IReadOnlyList<LeakIndex> LeakIndexes { get; init; }

    /// <summary>What the noise adds, sorted and shuffled, at each batch size.</summary>
    public required IReadOnlyList<NoiseGain> Gains { get; init; }

    /// <summary>Batch invariance with the noise, over all rows, orders and batch sizes.</summary>
    public required BatchInvariance Invariance { get; init; }

    /// <summary>Batch invariance without noise.</summary>
    public required BatchInvariance CleanInvariance { get; init; }

    /// <summary>
    /// The largest difference of a logit between two runs of the same row alone; above 0, the noise draws anew each time.
    /// </summary>
    public required double Repeatability { get; init; }

    /// <summary>The verdict in words.</summary>
    public string Verdict => Evaluation.Verdict.Of(this);

    /// <summary>Whether a row's answer depends on the other rows of its batch.</summary>
    public bool IsTransductive => !Invariance.Passed && Repeatability <= Invariance.Tolerance;

    /// <summary>With noise, one row at a time; equal to <see cref="NoiseOff"/> for noise that only mixes rows.</summary>
    public ProtocolRow Alone => Rows.First(row => row.Noise == Noise && row.Batch == 1);

    /// <summary>The leak index at a batch size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">That batch size was not run.</exception>
    public LeakIndex LeakIndexAt(int batch) =>
        LeakIndexes.FirstOrDefault(index => index.Batch == batch)
        ?? throw new ArgumentOutOfRangeException(
            nameof(batch),
            batch,
            $"The leak index was taken at batch {string.Join(", ", LeakIndexes.Select(index => index.Batch))}."
        );

    /// <summary>What the noise adds in one order at one batch size.</summary>
    public NoiseGain Gain(string order, int batch) => Gains.Single(gain => gain.Order == order && gain.Batch == batch);

    /// <summary>Accuracy with noise in class-sorted order.</summary>
    public double SortedAccuracy(int batch) => Rows.Single(row => row.Noise == Noise && row.Order == Sorted && row.Batch == batch).Accuracy;

    /// <summary>Mean accuracy with noise over the shuffled orders.</summary>
    public double ShuffledAccuracy(int batch) =>
        Rows.Where(row => row.Noise == Noise && row.Order == Shuffled && row.Batch == batch).Average(row => row.Accuracy);
}
