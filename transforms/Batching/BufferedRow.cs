using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>
/// A row whose values come from buffers. A column may both feed a block and pass through. Its source is read once, because that may
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
