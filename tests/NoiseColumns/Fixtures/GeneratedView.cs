using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Tests.NoiseColumns.Fixtures;

/// <summary>
/// Rows that are computed and never stored: their number, and a vector that is a function of it. Unlike a view of objects it can be
/// shuffled and read by several cursors in parallel, each of which gets every n-th row.
/// </summary>
sealed class GeneratedView : IDataView
{
    readonly int _count;
    readonly int _length;

    public GeneratedView(int count, params int[] dimensions)
    {
        _count = count;
        _length = dimensions.Aggregate(1, (product, dimension) => product * dimension);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Number", NumberDataViewType.Int32);
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, dimensions));
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => true;

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        Cursors(columnsNeeded, 1, rand)[0];

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        Cursors(columnsNeeded, n, rand);

    DataViewRowCursor[] Cursors(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand)
    {
        var active = columnsNeeded.Select(column => column.Index).ToHashSet();
        var order = rand is null ? null : Enumerable.Range(0, _count).ToArray();
        rand?.Shuffle(order!);
        return [.. Enumerable.Range(0, n).Select(first => new Cursor(this, active, order, first, n))];
    }

    sealed class Cursor(GeneratedView view, HashSet<int> active, int[]? order, int first, int step) : DataViewRowCursor
    {
        long _position = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        // Each batch id belongs to one cursor, and does not decrease there.
        public override long Batch => first + _position * step;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)Row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Assert.IsTrue(active.Contains(column.Index), $"'{column.Name}' was not asked for");
            ValueGetter<int> number = (ref int value) => value = Row;
            ValueGetter<VBuffer<float>> features = (ref VBuffer<float> value) =>
            {
                var editor = VBufferEditor.Create(ref value, view._length);
                for (var i = 0; i < editor.Values.Length; i++)
                    editor.Values[i] = Row % 100 + i;
                value = editor.Commit();
            };
            return (ValueGetter<TValue>)(Delegate)(column.Index == 0 ? number : features);
        }

        public override bool MoveNext()
        {
            if (first + (_position + 1) * step >= view._count)
                return false;
            _position++;
            return true;
        }

        int Row => order is null ? (int)(first + _position * step) : order[first + _position * step];
    }
}
