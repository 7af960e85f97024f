using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Pipelines.Data;

/// <summary>
/// Some rows of an image source as an ML.NET view with the columns <c>Pixels</c> (Vector&lt;Single, C, H, W&gt;, planar, 0 to 255),
/// <c>Label</c> (text) and <c>Id</c> (text).
/// </summary>
/// <remarks>
/// The <see cref="DataViewRowId"/> of a row is its index in the source, in every split and order, so that noise that depends on it stays
/// the same. Cursors allocate nothing per row, except to decode an image that is not kept.
/// </remarks>
sealed class ImageDataView : IDataView
{
    /// <summary>The rows in one block of a cursor set, and in one <see cref="DataViewRow.Batch"/> there.</summary>
    const int BlockLength = 64;

    readonly ImageTable _table;
    readonly int[] _rows;
    readonly ReadOnlyMemory<char>[] _labels;

    /// <param name="table">The source.</param>
    /// <param name="rows">Which of its rows, in this order.</param>
    /// <param name="labels">Class names by class index.</param>
    public ImageDataView(ImageTable table, int[] rows, IReadOnlyList<string> labels)
    {
        (_table, _rows, _labels) = (table, rows, [.. labels.Select(label => label.AsMemory())]);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(
            "Pixels",
            new VectorDataViewType(NumberDataViewType.Single, table.Shape.Channels, table.Shape.Height, table.Shape.Width)
        );
        schema.AddColumn("Label", TextDataViewType.Instance);
        schema.AddColumn("Id", TextDataViewType.Instance);
        Schema = schema.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => true;

    public long? GetRowCount() => _rows.Length;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, ActiveColumns(columnsNeeded), Order(rand), index: 0, count: 1);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = ActiveColumns(columnsNeeded);
        var order = Order(rand);
        var count = Math.Clamp((order.Length + BlockLength - 1) / BlockLength, 1, Math.Max(n, 1));
        return [.. Enumerable.Range(0, count).Select(index => new Cursor(this, active, order, index, count))];
    }

    bool[] ActiveColumns(IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var active = new bool[Schema.Count];
        foreach (var column in columnsNeeded)
            active[column.Index] = true;
        return active;
    }

    int[] Order(Random? random)
    {
        if (random is null)
            return _rows;
        var order = (int[])_rows.Clone();
        random.Shuffle(order);
        return order;
    }

    /// <summary>Reads every count-th block of rows. The numbers of the blocks let a reader of the whole set restore the order.</summary>
    sealed class Cursor(ImageDataView view, bool[] active, int[] order, int index, int count) : ImageCursor(view.Schema, active)
    {
        long _position = -1;
        int _row = -1;

        public override long Position => _position;

        public override long Batch => count == 1 ? 0 : index + Math.Max(_position, 0) / BlockLength * count;

        protected override ReadOnlySpan<byte> Pixels => view._table.PixelsOf(Row);

        int Row
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => _row >= 0 ? _row : throw new InvalidOperationException("The cursor stands on no row: call MoveNext first.");
        }

        public override bool MoveNext()
        {
            var next = _position + 1;
            var place = count == 1 ? next : (index + next / BlockLength * count) * BlockLength + next % BlockLength;
            if (IsOver || place >= order.Length)
            {
                (_position, _row, IsOver) = (-1, -1, true);
                return false;
            }
            (_position, _row) = (next, order[place]);
            return true;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Row, 0);

        protected override ReadOnlyMemory<char> TextOf(int column) =>
            column == 1 ? view._labels[view._table.ClassOf(Row)] : view._table.IdOf(Row);
    }
}
