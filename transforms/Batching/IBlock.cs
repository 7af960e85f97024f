using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>The buffers of one cursor for one block of rows. Used by one thread at a time.</summary>
public interface IBlock : IDisposable
{
    /// <summary>Block size times input length floats, row-major. The cursor fills the first rows before <see cref="Compute"/>.</summary>
    Span<float> Input { get; }

    /// <summary>Computes all outputs for the first <paramref name="rowCount"/> rows of <see cref="Input"/>.</summary>
    /// <param name="rowCount">Rows in this block, at least 1.</param>
    /// <param name="ids">The rows' ids, stable under splits and shuffles; as many as there are rows.</param>
    void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids);

    /// <summary>A getter of one output column. It copies into the caller's value and never hands out the block's own buffers.</summary>
    /// <param name="outputIndex">Index into <see cref="IBlockMapper.OutputColumns"/>.</param>
    /// <param name="rowInBlock">The row of the block on which the cursor stands, to be asked at every call of the getter.</param>
    ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock);
}
