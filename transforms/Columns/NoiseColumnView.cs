using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Transforms.Columns;

/// <summary>The source's columns and one computed from each row by itself. Shuffles, splits and parallel cursors are the source's.</summary>
internal sealed class NoiseColumnView(
    IDataView source, NoiseColumn column, Func<DataViewRow, ValueGetter<VBuffer<float>>> createGetter) : IDataView
{
    public DataViewSchema Schema { get; } = OutputSchema.Append(source.Schema, [column.Output]);

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new ActiveColumns(Schema, source.Schema, columnsNeeded);
        return Wrap(source.GetRowCursor(Needed(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = new ActiveColumns(Schema, source.Schema, columnsNeeded);
        return [.. source.GetRowCursorSet(Needed(active), n, rand).Select(cursor => Wrap(cursor, active))];
    }

    private IEnumerable<DataViewSchema.Column> Needed(ActiveColumns active) => active.OfSource(active.AnyAppended ? column.Input : null);

    private ForwardingCursor Wrap(DataViewRowCursor cursor, ActiveColumns active) =>
        new(cursor, active, [active.AnyAppended ? createGetter(cursor) : null]);
}
