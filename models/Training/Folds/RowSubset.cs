using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Models.Training.Folds;

/// <summary>Those rows of a view whose position, counted from 0 in the view's own order, is kept; they keep their ids.</summary>
sealed class RowSubset(IDataView source, Func<long, bool> keeps) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    /// <summary>Positions mean nothing in another order.</summary>
    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), keeps);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    sealed class Cursor(DataViewRowCursor source, Func<long, bool> keeps) : DataViewRowCursor
    {
        long _position = -1;

        public override long Position => _position;

        public override long Batch => source.Batch;

        public override DataViewSchema Schema => source.Schema;

        public override bool MoveNext()
        {
            while (source.MoveNext())
                if (keeps(source.Position))
                {
                    _position++;
                    return true;
                }
            _position = -1;
            return false;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => source.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                source.Dispose();
            base.Dispose(disposing);
        }
    }
}
