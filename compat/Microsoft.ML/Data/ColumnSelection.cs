using System;
using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>A schema made of some columns of another, in any order.</summary>
internal sealed class ColumnSelection : IRowToRowMapper
{
    private readonly int[] _sources;

    public ColumnSelection(DataViewSchema inputSchema, int[] sources)
    {
        InputSchema = inputSchema;
        _sources = sources;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(sources.Select(index => inputSchema[index]));
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public int SourceOf(DataViewSchema.Column column)
    {
        OutputSchema.CheckOwn(column);
        return _sources[column.Index];
    }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = new bool[InputSchema.Count];
        foreach (var column in dependingColumns)
            needed[SourceOf(column)] = true;
        return InputSchema.Columns(needed);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new SelectedRow(this, input);
}

/// <summary>A view with some of the columns of another.</summary>
internal sealed class SelectedView(IDataView input, ColumnSelection selection) : IDataView
{
    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => selection.OutputSchema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new SelectedCursor(selection, input.GetRowCursor(selection.GetDependencies(columnsNeeded), rand));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [.. input.GetRowCursorSet(selection.GetDependencies(columnsNeeded), n, rand).Select(cursor =>
            new SelectedCursor(selection, cursor))];
}

/// <summary>A row with some of the columns of another.</summary>
internal sealed class SelectedRow(ColumnSelection selection, DataViewRow input) : DataViewRow
{
    public override DataViewSchema Schema => selection.OutputSchema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(input.Schema[selection.SourceOf(column)]);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        input.GetGetter<TValue>(input.Schema[selection.SourceOf(column)]);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A cursor over such rows.</summary>
internal sealed class SelectedCursor(ColumnSelection selection, DataViewRowCursor input) : DataViewRowCursor
{
    private readonly SelectedRow _row = new(selection, input);

    public override DataViewSchema Schema => _row.Schema;

    public override long Position => _row.Position;

    public override long Batch => _row.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

    public override bool MoveNext() => input.MoveNext();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _row.Dispose();
        base.Dispose(disposing);
    }
}
