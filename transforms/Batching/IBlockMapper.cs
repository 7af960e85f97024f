using Microsoft.ML;

namespace NoisyNN.Transforms.Batching;

/// <summary>
/// Computes output columns for whole blocks of rows at once, from input columns of known-size <c>Vector&lt;Single&gt;</c>.
/// Scoring a network in batches and mixing the rows of a batch are block mappers.
/// </summary>
/// <remarks>A mapper is immutable and may be used by several cursors at a time; each cursor makes a block of its own.</remarks>
public interface IBlockMapper
{
    /// <summary>The column whose rows are gathered.</summary>
    string InputColumnName { get; }

    /// <summary>All columns whose rows are gathered: a row of the block holds their values one behind the other.</summary>
    IReadOnlyList<string> InputColumnNames => [InputColumnName];

    /// <summary>Rows per block; the last block of a view may have fewer.</summary>
    int BlockSize { get; }

    /// <summary>
    /// Whether a row's result depends on which other rows share its block. Such a view is never shuffled at its source,
    /// because every cursor must yield the same value for the same row.
    /// </summary>
    bool DependsOnNeighbours => false;

    /// <summary>The columns that the mapper appends, in the order of <see cref="IBlock.GetGetter{T}"/>'s index.</summary>
    IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; }

    /// <summary>Makes the buffers of one cursor.</summary>
    /// <param name="inputLength">Floats per row: the lengths of all input columns together.</param>
    /// <param name="blockSize">Most rows that a block will hold: <see cref="BlockSize"/>, or 1 for row-by-row prediction.</param>
    IBlock CreateBlock(int inputLength, int blockSize);
}
