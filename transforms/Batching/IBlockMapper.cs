using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>
/// Computes output columns for whole blocks of rows. Its inputs are columns of known-size <c>Vector&lt;Single&gt;</c>, or one column of a
/// type that the mapper reads itself. Scoring a network in batches and mixing the rows of a batch are block mappers.
/// </summary>
/// <remarks>A mapper is immutable, and several cursors may use it at a time. Each cursor creates its own blocks.</remarks>
public interface IBlockMapper
{
    /// <summary>The column whose rows are gathered.</summary>
    string InputColumnName { get; }

    /// <summary>All columns whose rows are gathered. A row of the block holds their values one after the other.</summary>
    IReadOnlyList<string> InputColumnNames => [InputColumnName];

    /// <summary>Rows per block; the last block of a view may have fewer.</summary>
    int BlockSize { get; }

    /// <summary>
    /// Blocks that other threads compute at a time, while rows of earlier blocks are replayed. With 0, the default, the caller's thread
    /// computes a block when its first row is read.
    /// </summary>
    int ParallelBlocks => 0;

    /// <summary>
    /// Whether a row's result depends on the other rows of its block. Such a view is never shuffled at its source, because every cursor
    /// must give the same value for the same row.
    /// </summary>
    bool DependsOnNeighbours => false;

    /// <summary>The columns that the mapper appends, in the order of <see cref="IBlock.GetGetter{T}"/>'s index.</summary>
    IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; }

    /// <summary>
    /// Whether blocks read columns of this type with <see cref="IBlock.CreateReader"/>. Other columns are copied into
    /// <see cref="IBlock.Input"/>.
    /// </summary>
    bool ReadsColumn(DataViewType type) => false;

    /// <summary>The mapper that a new cursor uses. A mapper whose block size is still open chooses it here.</summary>
    /// <param name="rowCount">Rows that the cursor will see; null if that is not known.</param>
    IBlockMapper ForCursor(long? rowCount) => this;

    /// <summary>Makes the buffers of one block.</summary>
    /// <param name="inputLength">Values per row: the lengths of all input columns together; 0 if they are not vectors.</param>
    /// <param name="blockSize">Most rows that a block will hold: <see cref="BlockSize"/>, or 1 for row-by-row prediction.</param>
    IBlock CreateBlock(int inputLength, int blockSize);
}
