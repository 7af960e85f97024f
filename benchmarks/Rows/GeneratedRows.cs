using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Benchmarks.Rows;

/// <summary>So many rows of floats, taken from a small table and never stored.</summary>
sealed class GeneratedRows(long count, int length) : IDataView
{
    // Rows start at different places of a table that stays in the cache, so that what is measured is what is done to them.
    const int Starts = 1024;

    readonly float[] _table = [.. Enumerable.Range(0, length + Starts).Select(i => i % 251f)];

    public const string Column = "Features";

    public DataViewSchema Schema { get; } = Describe(length);

    public bool CanShuffle => false;

    public long? GetRowCount() => count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, count, 0, 1);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. Enumerable.Range(0, n).Select(first => new Cursor(this, count, first, n))];

    static DataViewSchema Describe(int length)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(Column, new VectorDataViewType(NumberDataViewType.Single, length));
        return builder.ToSchema();
    }

    sealed class Cursor(GeneratedRows view, long count, int first, int step) : DataViewRowCursor
    {
        long _row = first - step;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _row < 0 ? -1 : _row / step;

        public override long Batch => _row;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)_row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (ValueGetter<TValue>)
                (Delegate)
                    (ValueGetter<VBuffer<float>>)(
                        (ref VBuffer<float> value) =>
                        {
                            var editor = VBufferEditor.Create(ref value, view._table.Length - Starts);
                            view._table.AsSpan((int)(_row % Starts), editor.Values.Length).CopyTo(editor.Values);
                            value = editor.Commit();
                        }
                    );

        public override bool MoveNext() => (_row += step) < count;
    }
}
