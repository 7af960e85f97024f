using System;
using System.Collections.Generic;

namespace Microsoft.ML.Data;

/// <summary>Which columns of a schema a cursor was asked for.</summary>
internal static class ActiveColumns
{
    public static bool[] Of(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        var active = new bool[schema.Count];
        foreach (var column in columnsNeeded)
        {
            if (!schema.Owns(column))
                throw new InvalidOperationException($"The requested column: {column} is not part of the sourceSchema");
            active[column.Index] = true;
        }
        return active;
    }

    /// <summary>Refuses a column of another schema.</summary>
    public static void CheckOwn(this DataViewSchema schema, DataViewSchema.Column column)
    {
        if (!schema.Owns(column))
            throw new ArgumentOutOfRangeException(nameof(column),
                $"Column '{column.Name}' with index {column.Index} is not a column of this schema.");
    }

    private static bool Owns(this DataViewSchema schema, DataViewSchema.Column column) =>
        (uint)column.Index < (uint)schema.Count && schema[column.Index].Name == column.Name;

    /// <summary>The columns that are marked, which is how they are asked of the view below.</summary>
    public static List<DataViewSchema.Column> Columns(this DataViewSchema schema, bool[] active)
    {
        var columns = new List<DataViewSchema.Column>();
        foreach (var column in schema)
            if (active[column.Index])
                columns.Add(column);
        return columns;
    }

    public static ValueGetter<TValue> As<TValue>(this Delegate getter, DataViewSchema.Column column)
    {
        if (getter is null)
            throw new ArgumentOutOfRangeException(nameof(column),
                $"The requested column '{column.Name}' is not active: name it in columnsNeeded when asking for the cursor.");
        return getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', expected type: "
                + $"'{getter.GetType().GetGenericArguments()[0]}'.");
    }
}
