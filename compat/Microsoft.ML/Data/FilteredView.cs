using System;
using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>The rows of a view that pass a test of some of their columns.</summary>
/// <param name="input">The view.</param>
/// <param name="columns">The columns that the test reads.</param>
/// <param name="createTest">Makes the test for a row that will move.</param>
/// <param name="inOrder">Whether the test depends on the order in which rows come, so that they must not be shuffled or parted.</param>
internal sealed class FilteredView(IDataView input, IReadOnlyList<DataViewSchema.Column> columns, Func<DataViewRow, Func<bool>> createTest,
    bool inOrder = false) : IDataView
{
    public bool CanShuffle => !inOrder && input.CanShuffle;

    public DataViewSchema Schema => input.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        return new Cursor(input.GetRowCursor(Needed(active), inOrder ? null : rand), active, createTest);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        if (inOrder)
            return [GetRowCursor(columnsNeeded, rand)];
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        return [.. input.GetRowCursorSet(Needed(active), n, rand).Select(cursor => new Cursor(cursor, active, createTest))];
    }

    private List<DataViewSchema.Column> Needed(bool[] active)
    {
        var needed = (bool[])active.Clone();
        foreach (var column in columns)
            needed[column.Index] = true;
        return Schema.Columns(needed);
    }

    private sealed class Cursor(DataViewRowCursor input, bool[] active, Func<DataViewRow, Func<bool>> createTest)
        : FilterCursor(input, active)
    {
        private readonly Func<bool> _passes = createTest(input);

        protected override bool MoveNextCore()
        {
            while (Input.MoveNext())
                if (_passes())
                    return true;
            return false;
        }
    }
}
