using System;
using System.Collections.Generic;

namespace Microsoft.ML.Data;

/// <summary>The rows of a view from one on, up to a number. Read in order only, since the range is one of positions.</summary>
internal sealed class RowRangeView(IDataView input, long skip, long take) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => input.Schema;

    public long? GetRowCount() => input.GetRowCount() is { } count ? Math.Min(Math.Max(count - skip, 0), take) : take == 0 ? 0 : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        return new Cursor(input.GetRowCursor(Schema.Columns(active)), active, skip, take);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, bool[] active, long skip, long take) : FilterCursor(input, active)
    {
        private bool _started;

        public override long Batch => 0;

        protected override bool MoveNextCore()
        {
            if (Position + 1 >= take)
                return false;
            for (long skipped = 0; !_started && skipped < skip; skipped++)
                if (!Input.MoveNext())
                    return false;
            _started = true;
            return Input.MoveNext();
        }
    }
}
