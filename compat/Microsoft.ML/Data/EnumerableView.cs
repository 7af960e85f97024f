using System;
using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>A view of objects: a list can be shuffled and knows its number of rows, anything else is read in its order.</summary>
internal sealed class EnumerableView<TRow>(IEnumerable<TRow> rows, RowSchema rowSchema) : IDataView where TRow : class
{
    private readonly IList<TRow> _list = rows as IList<TRow>;

    public bool CanShuffle => _list is not null;

    public DataViewSchema Schema => rowSchema.Schema;

    public long? GetRowCount() => (rows as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        return _list is null ? new StreamCursor(rows, rowSchema, active) : new ListCursor(_list, rowSchema, active, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private abstract class ObjectCursor : RootCursor
    {
        private readonly Delegate[] _getters;

        protected ObjectCursor(RowSchema rowSchema, bool[] active) : base(rowSchema.Schema)
        {
            var getters = new RowGetters<TRow>(Row);
            _getters = [.. rowSchema.Columns.Select((column, i) => active[i] ? getters.Create(column) : null)];
        }

        protected CurrentRow<TRow> Row { get; } = new();

        protected virtual long RowNumber => Position;

        public sealed override bool IsColumnActive(DataViewSchema.Column column)
        {
            Schema.CheckOwn(column);
            return _getters[column.Index] is not null;
        }

        public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Schema.CheckOwn(column);
            return _getters[column.Index].As<TValue>(column);
        }

        public sealed override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
        {
            CheckOnRow();
            value = new DataViewRowId((ulong)RowNumber, 0);
        };

        protected override void Dispose(bool disposing)
        {
            Row.Value = null;
            base.Dispose(disposing);
        }
    }

    private sealed class ListCursor(IList<TRow> list, RowSchema rowSchema, bool[] active, Random rand) : ObjectCursor(rowSchema, active)
    {
        private readonly int[] _order = rand is null ? null : Permutation.Of(list.Count, rand);

        protected override long RowNumber => _order is null ? Position : _order[Position];

        protected override bool MoveNextCore()
        {
            var next = Position + 1;
            if (next >= (_order?.Length ?? list.Count))
                return false;
            Row.Value = list[_order is null ? (int)next : _order[next]]
                ?? throw new InvalidOperationException("Encountered null when iterating over data, this is not supported.");
            return true;
        }
    }

    private sealed class StreamCursor(IEnumerable<TRow> rows, RowSchema rowSchema, bool[] active) : ObjectCursor(rowSchema, active)
    {
        private readonly IEnumerator<TRow> _enumerator = rows.GetEnumerator();

        protected override bool MoveNextCore()
        {
            if (!_enumerator.MoveNext())
                return false;
            Row.Value = _enumerator.Current
                ?? throw new InvalidOperationException("Encountered null when iterating over data, this is not supported.");
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _enumerator.Dispose();
            base.Dispose(disposing);
        }
    }
}
