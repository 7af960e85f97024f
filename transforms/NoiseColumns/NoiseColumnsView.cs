using Microsoft.ML;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Transforms.NoiseColumns;

/// <summary>
/// The source's columns and the noisy ones, each computed from its row only. Shuffles, splits and parallel cursors are the source's.
/// </summary>
sealed class NoiseColumnsView(IDataView source, NoiseColumn[] columns, bool acts) : IDataView
{
    readonly NoiseRow _row = new(source.Schema, columns, acts);

    public DataViewSchema Schema => _row.Schema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = _row.Activate(columnsNeeded);
        return Wrap(source.GetRowCursor(_row.Needed(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = _row.Activate(columnsNeeded);
        return [.. source.GetRowCursorSet(_row.Needed(active), n, rand).Select(cursor => Wrap(cursor, active))];
    }

    ForwardingCursor Wrap(DataViewRowCursor cursor, ActiveColumns active) => new(cursor, active, _row.CreateGetters(cursor, active));
}
