using System;
using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>
/// A view in random order, the same at every reading: the source is shuffled where it can be, and its rows go through a pool from
/// which they are drawn at random. Columns that cannot be copied, such as images, are not among its columns.
/// </summary>
internal sealed class ShuffledView(IDataView source, int seed, int poolSize, bool shuffleSource) : IDataView
{
    private readonly IDataView _input = CacheableColumns.Of(source);

    public bool CanShuffle => true;

    public DataViewSchema Schema => _input.Schema;

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var random = rand ?? new Random(seed);
        var sourceRandom = shuffleSource ? new Random(random.Next()) : null;
        var active = ActiveColumns.Of(Schema, columnsNeeded);
        var cursor = _input.GetRowCursor(Schema.Columns(active), _input.CanShuffle ? sourceRandom : null);
        return poolSize == 1 ? cursor : new Cursor(cursor, active, poolSize, random);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly int _poolSize;
        private readonly Random _random;
        private readonly Pool[] _pools;
        private readonly Pool<DataViewRowId> _ids;
        private readonly int[] _slots;
        private int _live;
        private int _current = -1;

        public Cursor(DataViewRowCursor input, bool[] active, int poolSize, Random random) : base(input.Schema)
        {
            _input = input;
            _poolSize = poolSize;
            _random = random;
            _pools = [.. input.Schema.Select(column => active[column.Index] ? Pool.Create(input, column) : null)];
            _ids = new Pool<DataViewRowId>(input.GetIdGetter());
            _slots = [.. Enumerable.Range(0, poolSize)];
        }

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Schema.CheckOwn(column);
            return _pools[column.Index] is not null;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (IsColumnActive(column) ? _pools[column.Index].CreateGetter(Slot) : null).As<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_ids.CreateGetter(Slot);

        // The live slots are the first ones of _slots; the row that is shown is taken out only when the next one is asked for.
        protected override bool MoveNextCore()
        {
            if (_current < 0)
                while (_live < _poolSize && Read(_slots[_live]))
                    _live++;
            else if (!Read(_slots[_current]))
            {
                _live--;
                (_slots[_current], _slots[_live]) = (_slots[_live], _slots[_current]);
            }
            if (_live == 0)
                return false;
            _current = _random.Next(_live);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _input.Dispose();
            base.Dispose(disposing);
        }

        private bool Read(int slot)
        {
            if (!_input.MoveNext())
                return false;
            foreach (var pool in _pools)
                pool?.Fill(slot);
            _ids.Fill(slot);
            return true;
        }

        private int Slot()
        {
            CheckOnRow();
            return _slots[_current];
        }
    }

    /// <summary>The buffered values of one column.</summary>
    private abstract class Pool
    {
        public static Pool Create(DataViewRow row, DataViewSchema.Column column) => column.Type is VectorDataViewType vector
            ? (Pool)GenericDispatch.Invoke(CreateVector<int>, vector.ItemType.RawType, row, column)
            : (Pool)GenericDispatch.Invoke(CreateScalar<int>, column.Type.RawType, row, column);

        public abstract void Fill(int slot);

        public abstract Delegate CreateGetter(Func<int> slot);

        private static Pool<T> CreateScalar<T>(DataViewRow row, DataViewSchema.Column column) => new(row.GetGetter<T>(column));

        private static VectorPool<T> CreateVector<T>(DataViewRow row, DataViewSchema.Column column) =>
            new(row.GetGetter<VBuffer<T>>(column));
    }

    private class Pool<T>(ValueGetter<T> get) : Pool
    {
        protected T[] Values { get; private set; } = [];

        public override void Fill(int slot)
        {
            if (slot >= Values.Length)
            {
                var grown = new T[Math.Max(slot + 1, 2 * Values.Length)];
                Values.CopyTo(grown, 0);
                Values = grown;
            }
            get(ref Values[slot]);
        }

        public override Delegate CreateGetter(Func<int> slot) => (ValueGetter<T>)((ref T destination) => destination = Values[slot()]);
    }

    private sealed class VectorPool<T>(ValueGetter<VBuffer<T>> get) : Pool<VBuffer<T>>(get)
    {
        public override Delegate CreateGetter(Func<int> slot) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) => Values[slot()].CopyTo(ref destination));
    }
}
