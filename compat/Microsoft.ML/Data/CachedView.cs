using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Microsoft.ML.Data;

/// <summary>
/// A view that remembers the columns that were read from it. Columns that cannot be copied, such as images, are not among its columns.
/// </summary>
internal sealed class CachedView : IDataView
{
    private readonly IDataView _input;
    private readonly ColumnStore[] _stores;
    private readonly Lock _lock = new();
    private long? _rowCount;

    public CachedView(IDataView input)
    {
        _input = CacheableColumns.Of(input);
        _stores = [.. _input.Schema.Select(column => ColumnStore.Create(column.Type))];
        _rowCount = _input.GetRowCount();
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _input.Schema;

    public long? GetRowCount() => _rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(this, ActiveColumns.Of(Schema, columnsNeeded), rand);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Reads what is not remembered yet of the active columns, in one pass; returns the number of rows.</summary>
    private int Fill(bool[] active)
    {
        lock (_lock)
        {
            var wanted = _input.Schema.Where(column => active[column.Index] && !_stores[column.Index].IsFull).ToList();
            if (wanted.Count > 0 || _rowCount is null)
            {
                using var cursor = _input.GetRowCursor(wanted);
                foreach (var column in wanted)
                    _stores[column.Index].Start(cursor, cursor.Schema[column.Index]);
                long rows = 0;
                for (; cursor.MoveNext(); rows++)
                    foreach (var column in wanted)
                        _stores[column.Index].AddRow();
                foreach (var column in wanted)
                    _stores[column.Index].Finish();
                _rowCount = rows;
            }
            return checked((int)_rowCount.Value);
        }
    }

    private sealed class Cursor(CachedView view, bool[] active, Random rand) : RootCursor(view.Schema)
    {
        private int _count = -1;
        private int[] _order;

        private int Row
        {
            get
            {
                CheckOnRow();
                return _order is null ? (int)Position : _order[Position];
            }
        }

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Schema.CheckOwn(column);
            return active[column.Index];
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (IsColumnActive(column) ? view._stores[column.Index].CreateGetter(() => Row) : null).As<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Row, 0);

        protected override bool MoveNextCore()
        {
            if (_count < 0)
            {
                _count = view.Fill(active);
                _order = rand is null ? null : Permutation.Of(_count, rand);
            }
            return Position + 1 < _count;
        }
    }
}

/// <summary>The values of one column for all rows.</summary>
internal abstract class ColumnStore
{
    public bool IsFull { get; private set; }

    public static ColumnStore Create(DataViewType type) => type is VectorDataViewType vector
        ? (ColumnStore)GenericDispatch.Invoke(CreateVector<int>, vector.ItemType.RawType)
        : (ColumnStore)GenericDispatch.Invoke(CreateScalar<int>, type.RawType);

    public abstract void Start(DataViewRow row, DataViewSchema.Column column);

    public abstract void AddRow();

    public virtual void Finish() => IsFull = true;

    public abstract Delegate CreateGetter(Func<int> row);

    private static ScalarStore<T> CreateScalar<T>() => new();

    private static VectorStore<T> CreateVector<T>() => new();

    private sealed class ScalarStore<T> : ColumnStore
    {
        private readonly List<T> _values = [];
        private ValueGetter<T> _get;

        public override void Start(DataViewRow row, DataViewSchema.Column column)
        {
            _values.Clear();
            _get = row.GetGetter<T>(column);
        }

        public override void AddRow()
        {
            T value = default;
            _get(ref value);
            _values.Add(value);
        }

        public override void Finish()
        {
            _get = null;
            base.Finish();
        }

        public override Delegate CreateGetter(Func<int> row) => (ValueGetter<T>)((ref T destination) => destination = _values[row()]);
    }

    private sealed class VectorStore<T> : ColumnStore
    {
        private readonly List<VBuffer<T>> _values = [];
        private ValueGetter<VBuffer<T>> _get;

        public override void Start(DataViewRow row, DataViewSchema.Column column)
        {
            _values.Clear();
            _get = row.GetGetter<VBuffer<T>>(column);
        }

        public override void AddRow()
        {
            VBuffer<T> value = default;
            _get(ref value);
            _values.Add(value);
        }

        public override void Finish()
        {
            _get = null;
            base.Finish();
        }

        public override Delegate CreateGetter(Func<int> row) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) => _values[row()].CopyTo(ref destination));
    }
}

/// <summary>The columns of a view whose values can be kept by copying.</summary>
internal static class CacheableColumns
{
    public static IDataView Of(IDataView view)
    {
        if (view.Schema.All(column => column.Type.IsCacheable()))
            return view;
        var columns = view.Schema.Where(column => column.Type.IsCacheable()).Select(column => column.Index).ToArray();
        return columns.Length > 0
            ? new SelectedView(view, new ColumnSelection(view.Schema, columns))
            : throw new InvalidOperationException("None of the columns can be kept by copying; images cannot.");
    }
}
