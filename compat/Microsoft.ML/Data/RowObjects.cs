using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>Reads a view as objects.</summary>
internal static class RowObjects
{
    public static IEnumerable<TRow> Enumerate<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns,
        SchemaDefinition definition)
        where TRow : class, new() =>
        Read<TRow>(data, reuseRowObject, RowSetters<TRow>.Bind(data.Schema, definition, ignoreMissingColumns));

    private static IEnumerable<TRow> Read<TRow>(IDataView data, bool reuseRowObject,
        List<(RowMember Member, DataViewSchema.Column Column)> bound)
        where TRow : class, new()
    {
        using var cursor = data.GetRowCursor(bound.Select(b => b.Column));
        var setters = RowSetters<TRow>.Create(bound, cursor);
        var row = reuseRowObject ? new TRow() : null;
        while (cursor.MoveNext())
        {
            if (!reuseRowObject)
                row = new TRow();
            foreach (var set in setters)
                set(row);
            yield return row;
        }
    }
}
