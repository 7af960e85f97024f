using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Batching;

/// <summary>A row with the source row's columns and appended ones, with the given getters. Nothing is copied or buffered.</summary>
/// <param name="source">The source's row; disposed of with this one.</param>
/// <param name="active">The requested columns.</param>
/// <param name="appended">A <c>ValueGetter</c> for each appended column; null if it is not active.</param>
/// <param name="owned">Another object to dispose of.</param>
sealed class ForwardingRow(DataViewRow source, ActiveColumns active, Delegate?[] appended, IDisposable? owned = null) : DataViewRow
{
    bool _disposed;

    public override DataViewSchema Schema => active.Schema;

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < active.Schema.Count && active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var index = active.Require(column);
        return index < active.SourceCount
            ? source.GetGetter<TValue>(source.Schema[index])
            : appended[index - active.SourceCount] as ValueGetter<TValue> ?? throw WrongType<TValue>(column);
    }

    public static InvalidOperationException WrongType<TValue>(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' of type {column.Type} is read as {column.Type.RawType}, not as {typeof(TValue)}.");

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            owned?.Dispose();
            source.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>A cursor with the source cursor's columns and appended ones, with the given getters.</summary>
sealed class ForwardingCursor(DataViewRowCursor source, ActiveColumns active, Delegate?[] appended) : DataViewRowCursor
{
    readonly ForwardingRow _row = new(source, active, appended);

    public override DataViewSchema Schema => _row.Schema;

    public override long Position => _row.Position;

    public override long Batch => _row.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

    public override bool MoveNext() => source.MoveNext();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _row.Dispose();
        base.Dispose(disposing);
    }
}
