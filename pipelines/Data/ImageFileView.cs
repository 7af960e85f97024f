using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Pipelines.Data;

/// <summary>
/// Image files without labels as an ML.NET view with the columns <c>Pixels</c> (Vector&lt;Single, C, H, W&gt;, planar, 0 to 255) and <c>Id</c>
/// (the path as given). A file is decoded when its row is read, so that any number of files takes the memory of one.
/// </summary>
/// <remarks>The row id is the place in the list. With unreadable files skipped, the row count is not known before a pass.</remarks>
public sealed class ImageFileView : IDataView
{
    private readonly IReadOnlyList<string> _files;
    private readonly ImageDecoder _decoder;
    private readonly bool _skipsUnreadable;
    private readonly ConcurrentDictionary<string, string> _skipped = new(StringComparer.Ordinal);

    /// <param name="files">The files, in the order of the rows.</param>
    /// <param name="decoder">Decodes and resizes.</param>
    /// <param name="skipUnreadable">Leaves out files that cannot be read, and counts them; otherwise the first one is an <see cref="InvalidDataException"/> that names it.</param>
    public ImageFileView(IReadOnlyList<string> files, ImageDecoder decoder, bool skipUnreadable = false)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(decoder);
        (_files, _decoder, _skipsUnreadable) = (files, decoder, skipUnreadable);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Pixels", new VectorDataViewType(NumberDataViewType.Single, decoder.Shape.Channels, decoder.Shape.Height, decoder.Shape.Width));
        schema.AddColumn("Id", TextDataViewType.Instance);
        Schema = schema.ToSchema();
    }

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public bool CanShuffle => false;

    /// <summary>The files that a pass has left out so far, and why.</summary>
    public IReadOnlyDictionary<string, string> Skipped => _skipped;

    /// <inheritdoc/>
    public long? GetRowCount() => _skipsUnreadable ? null : _files.Count;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var names = columnsNeeded.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        return new Cursor(this, [names.Contains("Pixels"), names.Contains("Id")]);
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private byte[] Decode(string path)
    {
        try
        {
            return _decoder.Decode(_decoder.ReadFile(path));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path}: {exception.Message.TrimEnd('.')}. Repair or remove the file, or {ImageFolderOptions.SkipRemedy}.", exception);
        }
    }

    private sealed class Cursor(ImageFileView view, bool[] active) : DataViewRowCursor
    {
        private long _position = -1;
        private int _file = -1;
        private byte[]? _pixels;
        private bool _disposed;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => view.Schema;

        public override bool MoveNext()
        {
            while (!_disposed && ++_file < view._files.Count)
            {
                _pixels = null;
                // Which rows there are must not depend on the columns that are asked for, so a row that may be skipped is tried in any case.
                if (view._skipsUnreadable && !TryDecode())
                    continue;
                _position++;
                return true;
            }
            (_position, _disposed) = (-1, true);
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_file, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (column.Index >= active.Length || !active[column.Index])
                throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not requested from this cursor.");
            Delegate getter = column.Index == 0
                ? (ValueGetter<VBuffer<float>>)GetPixels
                : (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> id) => id = view._files[_file].AsMemory());
            return getter as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type.RawType}, not {typeof(TValue)}.");
        }

        protected override void Dispose(bool disposing)
        {
            _disposed = true;
            base.Dispose(disposing);
        }

        private bool TryDecode()
        {
            try
            {
                _pixels = view.Decode(view._files[_file]);
                return true;
            }
            catch (InvalidDataException exception)
            {
                view._skipped[view._files[_file]] = exception.InnerException?.Message ?? exception.Message;
                return false;
            }
        }

        private void GetPixels(ref VBuffer<float> pixels)
        {
            _pixels ??= view.Decode(view._files[_file]);
            var editor = VBufferEditor.Create(ref pixels, _pixels.Length);
            PixelConversion.Widen(_pixels, editor.Values);
            pixels = editor.Commit();
        }
    }
}
