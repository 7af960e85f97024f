using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>The buffers for one block of rows. Used by one thread at a time.</summary>
public interface IBlock : IDisposable
{
    /// <summary>Block size times input length floats, row-major. The cursor fills the first rows before <see cref="Compute"/>.</summary>
    Span<float> Input { get; }

    /// <summary>
    /// For columns that the mapper reads itself: the delegate that reads the row's current value into the given row of the block.
    /// </summary>
    /// <param name="row">The row to read at every call.</param>
    /// <param name="column">The input column.</param>
    Action<int> CreateReader(DataViewRow row, DataViewSchema.Column column) =>
        throw new NotSupportedException($"Column '{column.Name}' of type {column.Type} cannot be read into a block.");

    /// <summary>Computes all outputs for the first <paramref name="rowCount"/> rows of <see cref="Input"/>.</summary>
    /// <param name="rowCount">Rows in this block, at least 1.</param>
    /// <param name="ids">The ids of the rows, one for each. Splits and shuffles do not change them.</param>
    void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids);

    /// <summary>A getter of one output column. It copies into the caller's value and never returns the block's own buffers.</summary>
    /// <param name="outputIndex">Index into <see cref="IBlockMapper.OutputColumns"/>.</param>
    /// <param name="rowInBlock">Returns the row of the block at the cursor's position. The getter calls it every time.</param>
    ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock);
}
