using System;

namespace Microsoft.ML.Data;

/// <summary>A cursor that counts its own rows: position -1 before the first and after the last.</summary>
internal abstract class RootCursor(DataViewSchema schema) : DataViewRowCursor
{
    protected const string NotOnARow = "Values can only be fetched while the cursor is on a row: after MoveNext returned true and before "
        + "it returns false.";

    private long _position = -1;
    private bool _disposed;

    public sealed override DataViewSchema Schema { get; } = schema;

    public sealed override long Position => _position;

    public override long Batch => 0;

    protected abstract bool MoveNextCore();

    public sealed override bool MoveNext()
    {
        if (_disposed)
            return false;
        if (MoveNextCore())
        {
            _position++;
            return true;
        }
        Dispose();
        return false;
    }

    protected void CheckOnRow()
    {
        if (_position < 0)
            throw new InvalidOperationException(NotOnARow);
    }

    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        _position = -1;
        base.Dispose(disposing);
    }
}

/// <summary>A cursor that shows some rows of another's, with all of its active columns.</summary>
internal abstract class FilterCursor(DataViewRowCursor input, bool[] active) : RootCursor(input.Schema)
{
    protected DataViewRowCursor Input { get; } = input;

    public override long Batch => Input.Batch;

    public sealed override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    public sealed override bool IsColumnActive(DataViewSchema.Column column)
    {
        Schema.CheckOwn(column);
        return active[column.Index];
    }

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsColumnActive(column)
        ? Input.GetGetter<TValue>(column)
        : ((Delegate)null).As<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Input.Dispose();
        base.Dispose(disposing);
    }
}
