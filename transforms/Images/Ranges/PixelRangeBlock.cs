using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Transforms.Images.Ranges;

/// <summary>A block whose input is looked at before it is computed.</summary>
/// <param name="block">The block; disposed of with this one.</param>
/// <param name="check">Looks at the input.</param>
/// <param name="rowLength">Values per row.</param>
sealed class PixelRangeBlock(IBlock block, PixelRangeCheck check, int rowLength) : IBlock
{
    public Span<float> Input => block.Input;

    public Action<int> CreateReader(DataViewRow row, DataViewSchema.Column column) => block.CreateReader(row, column);

    public void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids)
    {
        check.Look(block.Input[..(rowCount * rowLength)]);
        block.Compute(rowCount, ids);
    }

    public ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock) => block.GetGetter<T>(outputIndex, rowInBlock);

    public void Dispose() => block.Dispose();
}
