using System;
using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>The columns of a view and those that a row mapper computes.</summary>
internal sealed class MappedView(IDataView input, RowMapping mapping) : IDataView
{
    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => mapping.OutputSchema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        return new MappedCursor(mapping, input.GetRowCursor(mapping.InputSchema.Columns(mapping.InputsOf(active)), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        var inputs = input.GetRowCursorSet(mapping.InputSchema.Columns(mapping.InputsOf(active)), n, rand);
        return [.. inputs.Select(cursor => new MappedCursor(mapping, cursor, active))];
    }
}

/// <summary>
/// A row mapper with its output schema: the input's columns and those that are added, a new name at the end, a known one right behind the
/// column that it hides.
/// </summary>
internal sealed class RowMapping : IRowToRowMapper
{
    // For each output column the index of the input column, or of the added one as its complement.
    private readonly int[] _sources;

    public RowMapping(RowMapper mapper)
    {
        Mapper = mapper;
        var columns = mapper.InputSchema.Select(column =>
            (Column: new DataViewSchema.DetachedColumn(column), Source: column.Index)).ToList();
        foreach (var (i, added) in mapper.OutputColumns.Index())
        {
            var hidden = columns.FindLastIndex(column => column.Column.Name == added.Name);
            columns.Insert(hidden < 0 ? columns.Count : hidden + 1, (added, ~i));
        }
        _sources = [.. columns.Select(column => column.Source)];
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns.Select(column => column.Column));
        OutputSchema = builder.ToSchema();
    }

    public RowMapper Mapper { get; }

    public DataViewSchema InputSchema => Mapper.InputSchema;

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        InputSchema.Columns(InputsOf(ActiveColumns.Of(OutputSchema, dependingColumns)));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedRow(this, input, ActiveColumns.Of(OutputSchema, activeColumns));
    }

    public int SourceOf(DataViewSchema.Column column)
    {
        OutputSchema.CheckOwn(column);
        return _sources[column.Index];
    }

    public bool[] InputsOf(bool[] activeOutputs)
    {
        var needed = new bool[InputSchema.Count];
        for (var i = 0; i < activeOutputs.Length; i++)
        {
            if (!activeOutputs[i])
                continue;
            foreach (var index in _sources[i] >= 0 ? [_sources[i]] : Mapper.GetDependencies(~_sources[i]))
                needed[index] = true;
        }
        return needed;
    }

    /// <summary>The getters of the added columns that are active.</summary>
    public Delegate[] CreateGetters(DataViewRow input, bool[] active, out Action disposer) =>
        Mapper.CreateGetters(input, added => active[Array.IndexOf(_sources, ~added)], out disposer);
}

/// <summary>A row with the columns of another and those that are computed from them.</summary>
internal sealed class MappedRow : DataViewRow
{
    private readonly RowMapping _mapping;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly Delegate[] _getters;
    private Action _disposer;

    public MappedRow(RowMapping mapping, DataViewRow input, bool[] active)
    {
        _mapping = mapping;
        _input = input;
        _active = active;
        _getters = mapping.CreateGetters(input, active, out _disposer);
    }

    public override DataViewSchema Schema => _mapping.OutputSchema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        Schema.CheckOwn(column);
        return _active[column.Index];
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var source = _mapping.SourceOf(column);
        if (source < 0)
            return _getters[~source].As<TValue>(column);
        return _active[column.Index] ? _input.GetGetter<TValue>(_input.Schema[source]) : ((Delegate)null).As<TValue>(column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disposer?.Invoke();
            _disposer = null;
            _input.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>A cursor over such rows.</summary>
internal sealed class MappedCursor(RowMapping mapping, DataViewRowCursor input, bool[] active) : DataViewRowCursor
{
    private readonly MappedRow _row = new(mapping, input, active);

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
