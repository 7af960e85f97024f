using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>
/// Computes output columns for whole blocks of rows at once, from input columns of known-size <c>Vector&lt;Single&gt;</c>, or from one of a
/// type that the mapper reads itself. Scoring a network in batches and mixing the rows of a batch are block mappers.
/// </summary>
/// <remarks>A mapper is immutable and may be used by several cursors at a time; each cursor makes blocks of its own.</remarks>
public interface IBlockMapper
{
    /// <summary>The column whose rows are gathered.</summary>
    string InputColumnName { get; }

    /// <summary>All columns whose rows are gathered: a row of the block holds their values one behind the other.</summary>
    IReadOnlyList<string> InputColumnNames => [InputColumnName];

    /// <summary>Rows per block; the last block of a view may have fewer.</summary>
    int BlockSize { get; }

    /// <summary>
    /// Blocks that are computed at a time, on other threads, while rows of earlier blocks are replayed. 0, the default, computes a block on
    /// the caller's thread when its first row is asked for.
    /// </summary>
    int ParallelBlocks => 0;

    /// <summary>
    /// Whether a row's result depends on which other rows share its block. Such a view is never shuffled at its source,
    /// because every cursor must yield the same value for the same row.
    /// </summary>
    bool DependsOnNeighbours => false;

    /// <summary>The columns that the mapper appends, in the order of <see cref="IBlock.GetGetter{T}"/>'s index.</summary>
    IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; }

    /// <summary>
    /// Whether blocks read columns of this type with <see cref="IBlock.CreateReader"/> in place of having them copied into
    /// <see cref="IBlock.Input"/>.
    /// </summary>
    bool ReadsColumn(DataViewType type) => false;

    /// <summary>The mapper that a new cursor uses. A mapper that has its block size still to choose chooses it here.</summary>
    /// <param name="rowCount">Rows that the cursor will see; null if nobody knows.</param>
    IBlockMapper ForCursor(long? rowCount) => this;

    /// <summary>Makes the buffers of one block.</summary>
    /// <param name="inputLength">Values per row: the lengths of all input columns together; 0 where they are not vectors.</param>
    /// <param name="blockSize">Most rows that a block will hold: <see cref="BlockSize"/>, or 1 for row-by-row prediction.</param>
    IBlock CreateBlock(int inputLength, int blockSize);
}
