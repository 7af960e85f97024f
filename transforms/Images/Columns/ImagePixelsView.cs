using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Transforms.Images.Columns;

/// <summary>
/// The source's columns and the pixels of its images, decoded when they are read. Shuffles and parallel cursors are the source's.
/// </summary>
sealed class ImagePixelsView(IDataView source, ImagePixelsColumn column) : IDataView
{
    public DataViewSchema Schema => column.Schema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = column.Activate(columnsNeeded);
        return Wrap(source.GetRowCursor(column.Needed(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = column.Activate(columnsNeeded);
        return [.. source.GetRowCursorSet(column.Needed(active), n, rand).Select(cursor => Wrap(cursor, active))];
    }

    ForwardingCursor Wrap(DataViewRowCursor cursor, ActiveColumns active) => new(cursor, active, column.CreateGetters(cursor, active));
}

/// <summary>The counterpart of <see cref="ImagePixelsView"/> for single rows.</summary>
sealed class ImagePixelsRowMapper(DataViewSchema inputSchema, ImagePixelsColumn column) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema => column.Schema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        column.Needed(column.Activate(dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var active = column.Activate(activeColumns);
        return new ForwardingRow(input, active, column.CreateGetters(input, active));
    }
}
