using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Pipelines.Data.Formats;

/// <summary>
/// The rows of a <c>.npy</c> array, or of the only array of an <c>.npz</c> archive, as an ML.NET view. The column <c>Features</c> is a
/// vector with the axes after the first, of Byte for an array of bytes and otherwise of Single. The column <c>Id</c> is the index of the
/// row, from 0. Rows are read on demand, so that any number of them needs the memory of a few.
/// </summary>
public sealed class NpyRowView : IDataView
{
    readonly string _path;
    readonly NpyHeader _header;
    readonly bool _hasBytes;

    /// <exception cref="InvalidDataException">
    /// The file is cut off or in Fortran order, or its type is not supported; the message has the remedy.
    /// </exception>
    public NpyRowView(string path)
    {
        _path = path;
        using var content = NpyContent.Open(path);
        _header = NpyHeader.Read(path, content);
        _hasBytes = _header.Element.IsByte;
        if (_header.Element.IsText)
            throw new InvalidDataException($"{path} holds texts; rows of numbers are needed. Save them with .astype('<f8').");
        if (_header.IsFortranOrder && _header.Shape.Count > 1)
            throw new InvalidDataException(
                $"{path} is in Fortran order, in which the values of a row are not adjacent; save it with numpy.ascontiguousarray."
            );
        if (_header.ValueCount == 0)
            throw new InvalidDataException($"{path} is empty: its shape is ({string.Join(", ", _header.Shape)}).");
        int[] row = _header.Shape.Count == 1 ? [1] : [.. _header.Shape.Skip(1)];
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Features", new VectorDataViewType(_hasBytes ? NumberDataViewType.Byte : NumberDataViewType.Single, row));
        schema.AddColumn("Id", TextDataViewType.Instance);
        Schema = schema.ToSchema();
    }

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public bool CanShuffle => false;

    /// <inheritdoc/>
    public long? GetRowCount() => _header.Shape[0];

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var names = columnsNeeded.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        return new Cursor(this, [names.Contains("Features"), names.Contains("Id")]);
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    sealed class Cursor : DataViewRowCursor
    {
        readonly NpyRowView _view;
        readonly bool[] _active;
        readonly NpyContent _content;
        readonly byte[] _row;
        long _position = -1;
        bool _isOver;

        public Cursor(NpyRowView view, bool[] active)
        {
            (_view, _active) = (view, active);
            _content = NpyContent.Open(view._path);
            _content.Skip(view._header.Start);
            _row = new byte[view._header.ValueCount / view._header.Shape[0] * view._header.Element.Size];
        }

        public override DataViewSchema Schema => _view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

        public override bool MoveNext()
        {
            if (_isOver || _position + 1 == _view._header.Shape[0])
            {
                (_position, _isOver) = (-1, true);
                return false;
            }
            if (_content.Stream.ReadAtLeast(_row, _row.Length, throwOnEndOfStream: false) < _row.Length)
                throw new InvalidDataException($"{_view._path} has become shorter since it was opened: it ends in row {_position + 1}.");
            _position++;
            return true;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!_active[column.Index])
                throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not requested from this cursor.");
            Delegate getter =
                column.Index == 1 ? (ValueGetter<ReadOnlyMemory<char>>)GetId
                : _view._hasBytes ? (ValueGetter<VBuffer<byte>>)GetBytes
                : (ValueGetter<VBuffer<float>>)GetFloats;
            return getter as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type.RawType}, not {typeof(TValue)}.");
        }

        protected override void Dispose(bool disposing)
        {
            (_position, _isOver) = (-1, true);
            if (disposing)
                _content.Dispose();
            base.Dispose(disposing);
        }

        byte[] Row => _position >= 0 ? _row : throw new InvalidOperationException("The cursor stands on no row: call MoveNext first.");

        void GetId(ref ReadOnlyMemory<char> id) => id = _position.ToString(CultureInfo.InvariantCulture).AsMemory();

        void GetBytes(ref VBuffer<byte> value)
        {
            var editor = VBufferEditor.Create(ref value, Row.Length);
            Row.CopyTo(editor.Values);
            value = editor.Commit();
        }

        double Value(NpyElement element, ReadOnlySpan<byte> bytes) =>
            element.IsExact(bytes) ? element.Read(bytes) : throw element.Inexact(_view._path, bytes, $"in row {_position}");

        void GetFloats(ref VBuffer<float> value)
        {
            var element = _view._header.Element;
            var editor = VBufferEditor.Create(ref value, Row.Length / element.Size);
            if (element is { Size: sizeof(float), Kind: NpyKind.Real, IsBigEndian: false } && BitConverter.IsLittleEndian)
                MemoryMarshal.Cast<byte, float>(_row).CopyTo(editor.Values);
            else
                for (var index = 0; index < editor.Values.Length; index++)
                    editor.Values[index] = (float)Value(element, _row.AsSpan(index * element.Size, element.Size));
            value = editor.Commit();
        }
    }
}
