using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Models.Rows;

/// <summary>
/// The rows of a store as an ML.NET view: the values, and where the rows have labels, the names of their classes as text.
/// </summary>
sealed class StoredRowView : IDataView
{
    readonly RowStore _rows;
    readonly ReadOnlyMemory<char>[] _labels;

    /// <param name="rows">The rows.</param>
    /// <param name="featureColumnName">The column of values.</param>
    /// <param name="type">Its type.</param>
    /// <param name="labelColumnName">The column of names; null for none.</param>
    /// <param name="labels">The names of the classes, in the order of their indexes.</param>
    public StoredRowView(
        RowStore rows,
        string featureColumnName,
        VectorDataViewType type,
        string? labelColumnName,
        IReadOnlyList<string> labels
    )
    {
        (_rows, _labels) = (rows, [.. labels.Select(label => label.AsMemory())]);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(featureColumnName, type);
        if (labelColumnName is not null)
            schema.AddColumn(labelColumnName, TextDataViewType.Instance);
        Schema = schema.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _rows.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, [.. columnsNeeded.Select(column => column.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    sealed class Cursor(StoredRowView view, HashSet<int> active) : DataViewRowCursor
    {
        const int End = int.MinValue;

        int _row = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => Math.Max(_row, -1);

        public override long Batch => 0;

        int Row => _row >= 0 ? _row : throw new InvalidOperationException("The cursor stands on no row: call MoveNext first.");

        public override bool MoveNext()
        {
            if (_row == End)
                return false;
            _row = _row + 1 < view._rows.Count ? _row + 1 : End;
            return _row >= 0;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = view._rows.IdOf(Row);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!active.Contains(column.Index))
                throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not requested from this cursor.");
            Delegate getter =
                column.Index == 0
                    ? (ValueGetter<VBuffer<float>>)GetValues
                    : (ValueGetter<ReadOnlyMemory<char>>)(
                        (ref ReadOnlyMemory<char> label) => label = view._labels[view._rows.ClassOf(Row)]
                    );
            return getter as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type.RawType}, not {typeof(TValue)}.");
        }

        void GetValues(ref VBuffer<float> values)
        {
            var editor = VBufferEditor.Create(ref values, view._rows.RowLength);
            view._rows.CopyTo(Row, editor.Values);
            values = editor.Commit();
        }
    }
}
