using System;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Writes the current value of a column into the caller's buffer.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);

/// <summary>A row: columns that can be fetched by typed delegates, which stay valid as the row moves.</summary>
public abstract class DataViewRow : IDisposable
{
    protected DataViewRow()
    {
    }

    /// <summary>The number of the row in this reading, or -1 before the first and after the last.</summary>
    public abstract long Position { get; }

    public abstract long Batch { get; }

    public abstract DataViewSchema Schema { get; }

    public abstract ValueGetter<DataViewRowId> GetIdGetter();

    public abstract bool IsColumnActive(DataViewSchema.Column column);

    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    protected virtual void Dispose(bool disposing)
    {
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>A row that moves over the rows of a view. For one thread.</summary>
public abstract class DataViewRowCursor : DataViewRow
{
    protected DataViewRowCursor()
    {
    }

    public abstract bool MoveNext();
}
