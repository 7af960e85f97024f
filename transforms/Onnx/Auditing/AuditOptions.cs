namespace NoisyNN.Transforms.Onnx.Auditing;

/// <summary>How thoroughly a model is audited.</summary>
public sealed record AuditOptions
{
    /// <summary>Batch sizes above 1. A model of fixed batch size is run with that one alone.</summary>
    public IReadOnlyList<int> BatchSizes
    {
        get;
        init =>
            field =
                value is { Count: > 0 } && value.All(size => size > 1)
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(BatchSizes), "Give batch sizes of at least 2, such as 10 and 64.");
    } = [2, 10, 64];

    /// <summary>Shuffled orders of the rows at each batch size, at least 2: the interval needs their spread.</summary>
    public int ShuffleCount
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(ShuffleCount), value, "Give at least 2.");
    } = 5;

    /// <summary>The most rows, chosen at random; all are held in memory.</summary>
    public int RowCount
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(RowCount), value, "Give at least 2.");
    } = 2000;

    /// <summary>The seed of the choice of rows and of the orders.</summary>
    public int Seed { get; init; } = 1;
}
