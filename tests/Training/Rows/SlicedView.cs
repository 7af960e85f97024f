using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Tests.Training.Rows;

/// <summary>
/// A view read by a set of cursors, whatever number is asked for: each block of rows belongs to a cursor drawn at random, and is read at
/// its own pace.
/// </summary>
sealed class SlicedView(IDataView source, int cursors, int blockLength, int seed) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        source.GetRowCursor(columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return
        [
            .. Enumerable.Range(0, cursors).Select(index => new Cursor(source.GetRowCursor(columns), index, cursors, blockLength, seed)),
        ];
    }

    sealed class Cursor(DataViewRowCursor source, int index, int cursors, int blockLength, int seed) : DataViewRowCursor
    {
        readonly Random _owners = new(seed);
        readonly Random _pace = new(seed + index);
        long _position = -1;

        public override DataViewSchema Schema => source.Schema;

        public override long Position => _position;

        public override long Batch => source.Position / blockLength;

        public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => source.GetGetter<TValue>(column);

        public override bool MoveNext()
        {
            Thread.SpinWait(_pace.Next(300));
            var owner = -1;
            do
            {
                if (!source.MoveNext())
                    return false;
                if (source.Position % blockLength == 0)
                    owner = _owners.Next(cursors);
                else if (owner < 0)
                    owner = index;
            } while (owner != index);
            _position++;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                source.Dispose();
            base.Dispose(disposing);
        }
    }
}
