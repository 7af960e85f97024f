using System;
using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>The columns of a view and, after them, those that a row mapper computes.</summary>
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

/// <summary>A row mapper with its output schema: the input's columns first, then those that are added.</summary>
internal sealed class RowMapping : IRowToRowMapper
{
    public RowMapping(RowMapper mapper)
    {
        Mapper = mapper;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(mapper.InputSchema);
        builder.AddColumns(mapper.OutputColumns);
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

    public bool[] InputsOf(bool[] activeOutputs)
    {
        var needed = activeOutputs.AsSpan(0, InputSchema.Count).ToArray();
        for (var i = InputSchema.Count; i < activeOutputs.Length; i++)
        {
            if (!activeOutputs[i])
                continue;
            foreach (var index in Mapper.GetDependencies(i - InputSchema.Count))
                needed[index] = true;
        }
        return needed;
    }

    public Delegate[] CreateGetters(DataViewRow input, bool[] active, out Action disposer) =>
        Mapper.CreateGetters(input, output => active[InputSchema.Count + output], out disposer);
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
        Schema.CheckOwn(column);
        var inputs = _mapping.InputSchema.Count;
        if (column.Index >= inputs)
            return _getters[column.Index - inputs].As<TValue>(column);
        return _active[column.Index] ? _input.GetGetter<TValue>(_input.Schema[column.Index]) : ((Delegate)null).As<TValue>(column);
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
