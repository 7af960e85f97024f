using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Pipelines.Data.Folders;

/// <summary>
/// Image files without labels as an ML.NET view. Its columns are <c>Pixels</c> (Vector&lt;Single, C, H, W&gt;, planar, 0 to 255) and
/// <c>Id</c> (the path as given). A file is decoded when its row is read, so that any number of files needs the memory of one.
/// </summary>
/// <remarks>The row id is the place in the list. With unreadable files skipped, the row count is not known before a pass.</remarks>
public sealed class ImageFileView : IDataView
{
    readonly IReadOnlyList<string> _files;
    readonly ImageDecoder _decoder;
    readonly bool _skipsUnreadable;
    readonly ConcurrentDictionary<string, string> _skipped = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, bool> _animations = new(StringComparer.Ordinal);

    /// <param name="files">The files, in the order of the rows.</param>
    /// <param name="decoder">Decodes and resizes.</param>
    /// <param name="skipUnreadable">Leaves out files that cannot be read, and counts them; otherwise the first one is an
    /// <see cref="InvalidDataException"/> that names it.</param>
    public ImageFileView(IReadOnlyList<string> files, ImageDecoder decoder, bool skipUnreadable = false)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(decoder);
        (_files, _decoder, _skipsUnreadable) = (files, decoder, skipUnreadable);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(
            "Pixels",
            new VectorDataViewType(NumberDataViewType.Single, decoder.Shape.Channels, decoder.Shape.Height, decoder.Shape.Width)
        );
        schema.AddColumn("Id", TextDataViewType.Instance);
        Schema = schema.ToSchema();
    }

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public bool CanShuffle => false;

    /// <summary>The animations whose first frame a pass has read so far.</summary>
    public IReadOnlyCollection<string> Animations => (IReadOnlyCollection<string>)_animations.Keys;

    /// <summary>The files that a pass has left out so far, with the reasons.</summary>
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

    byte[] Decode(string path)
    {
        try
        {
            var pixels = new byte[_decoder.Shape.Length];
            var header = _decoder.DecodeFile(path, pixels);
            if (header.Notes.HasFlag(ImageNotes.Animation))
                _animations[path] = true;
            return pixels;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                $"{path}: {exception.Message.TrimEnd('.')}. Repair or remove the file, or {ImageFolderOptions.SkipRemedy}.",
                exception
            );
        }
    }

    sealed class Cursor(ImageFileView view, bool[] active) : ImageCursor(view.Schema, active)
    {
        long _position = -1;
        int _file = -1;
        byte[]? _pixels;

        public override long Position => _position;

        public override long Batch => 0;

        protected override ReadOnlySpan<byte> Pixels => _pixels ??= view.Decode(File);

        string File =>
            _position >= 0 ? view._files[_file] : throw new InvalidOperationException("The cursor stands on no row: call MoveNext first.");

        public override bool MoveNext()
        {
            while (!IsOver && ++_file < view._files.Count)
            {
                _pixels = null;
                // The rows must not depend on the requested columns, so a file that may be skipped is always decoded.
                if (view._skipsUnreadable && !TryDecode(view._files[_file]))
                    continue;
                _position++;
                return true;
            }
            (_position, IsOver) = (-1, true);
            return false;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_file, 0);

        protected override ReadOnlyMemory<char> TextOf(int column) => File.AsMemory();

        bool TryDecode(string file)
        {
            try
            {
                _pixels = view.Decode(file);
                return true;
            }
            catch (InvalidDataException exception)
            {
                view._skipped[file] = exception.InnerException?.Message ?? exception.Message;
                return false;
            }
        }
    }
}
