using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>
/// A row whose values come out of buffers: a column that both feeds a block and passes through is asked of its source once, which may
/// decode an image.
/// </summary>
sealed class BufferedRow(DataViewRow source, ColumnBuffer?[] buffers, Func<int> slot) : DataViewRow
{
    public override DataViewSchema Schema => source.Schema;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => buffers[column.Index] is not null;

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        buffers[column.Index]!.CreateGetter(slot) as ValueGetter<TValue> ?? throw ForwardingRow.WrongType<TValue>(column);
}
