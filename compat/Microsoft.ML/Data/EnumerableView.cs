using System;
using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>A view of objects in their order; as in the official package, lists are not shuffled either. A collection knows its number of
/// rows.</summary>
internal sealed class EnumerableView<TRow>(IEnumerable<TRow> rows, RowSchema rowSchema) : IDataView where TRow : class
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => rowSchema.Schema;

    public long? GetRowCount() => (rows as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(rows, rowSchema, ActiveColumns.Of(Schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursor
    {
        private readonly IEnumerator<TRow> _rows;
        private readonly CurrentRow<TRow> _current = new();
        private readonly Delegate[] _getters;

        public Cursor(IEnumerable<TRow> rows, RowSchema rowSchema, bool[] active) : base(rowSchema.Schema)
        {
            _rows = rows.GetEnumerator();
            var getters = new RowGetters<TRow>(_current);
            _getters = [.. rowSchema.Columns.Select((column, i) => active[i] ? getters.Create(column) : null)];
        }

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Schema.CheckOwn(column);
            return _getters[column.Index] is not null;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Schema.CheckOwn(column);
            return _getters[column.Index].As<TValue>(column);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
        {
            CheckOnRow();
            value = new DataViewRowId((ulong)Position, 0);
        };

        protected override bool MoveNextCore()
        {
            if (!_rows.MoveNext())
                return false;
            _current.Value = _rows.Current
                ?? throw new InvalidOperationException("Encountered null when iterating over data, this is not supported.");
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            _current.Value = null;
            if (disposing)
                _rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
