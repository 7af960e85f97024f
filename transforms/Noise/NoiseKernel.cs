using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Noise;

/// <summary>Applies a noise to rows of floats in place. Thread-safe and free of allocation.</summary>
public abstract class NoiseKernel
{
    private protected NoiseKernel(ReadOnlySpan<int> dimensions)
    {
        RowLength = 1;
        foreach (var dimension in dimensions)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1, nameof(dimensions));
            RowLength = checked(RowLength * dimension);
        }
    }

    /// <summary>Floats per row.</summary>
    public int RowLength { get; }

    /// <summary>The kernel of a noise for rows of one shape.</summary>
    /// <param name="noise">What to apply.</param>
    /// <param name="dimensions">Shape of one row: <c>[channels, height, width]</c>, <c>[tokens, channels]</c> or <c>[n]</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shape lacks the axis that the noise mixes.</exception>
    /// <exception cref="InvalidOperationException">A linear transform that is singular or ill-conditioned over that axis.</exception>
    public static NoiseKernel Create(NoiseDefinition noise, ReadOnlySpan<int> dimensions)
    {
        ArgumentNullException.ThrowIfNull(noise);
        if (dimensions.IsEmpty)
            throw new ArgumentException("A row has at least one dimension.", nameof(dimensions));
        if (noise.Misfit(dimensions) is { } misfit)
            throw new ArgumentOutOfRangeException(nameof(dimensions), misfit);
        return noise.CreateKernel(dimensions);
    }

    /// <summary>Applies the noise to consecutive rows.</summary>
    /// <param name="block">The rows, row-major; only the first <paramref name="rowCount"/> are touched.</param>
    /// <param name="rowCount">The number of rows. Noise across the batch mixes exactly these.</param>
    /// <param name="seed">With the row ids, determines every random value.</param>
    /// <param name="rows">The rows' ids.</param>
    /// <exception cref="ArgumentException">Fewer floats or ids than rows need.</exception>
    public void Apply(Span<float> block, int rowCount, ulong seed, ReadOnlySpan<DataViewRowId> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        if (block.Length < (long)rowCount * RowLength)
            throw new ArgumentException($"{rowCount} rows of {RowLength} floats do not fit into {block.Length} floats.", nameof(block));
        if (rows.Length < rowCount)
            throw new ArgumentException($"{rowCount} rows need as many ids; there are {rows.Length}.", nameof(rows));
        ApplyRows(block[..(rowCount * RowLength)], seed, rows[..rowCount]);
    }

    private protected abstract void ApplyRows(Span<float> block, ulong seed, ReadOnlySpan<DataViewRowId> rows);
}
