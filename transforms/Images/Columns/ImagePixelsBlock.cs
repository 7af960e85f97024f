using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Images.Resampling;

namespace NoisyNN.Transforms.Images.Columns;

/// <summary>One row: the path or the content of an image, and its pixels.</summary>
sealed class ImagePixelsBlock(ImagePixelsTransformer transformer) : IBlock
{
    readonly byte[] _pixels = new byte[transformer.Decoder.Shape.Length];
    string? _path;
    VBuffer<byte> _content,
        _dense;
    long _row;
    ExceptionDispatchInfo? _refusal;

    public Span<float> Input => [];

    public Action<int> CreateReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is TextDataViewType)
        {
            var getPath = row.GetGetter<ReadOnlyMemory<char>>(column);
            var path = default(ReadOnlyMemory<char>);
            return _ =>
            {
                getPath(ref path);
                _path = $"{path}";
            };
        }
        var getContent = row.GetGetter<VBuffer<byte>>(column);
        return _ =>
        {
            getContent(ref _content);
            if (!_content.IsDense)
                _content.CopyToDense(ref _dense);
            _row = row.Position;
        };
    }

    public void Compute(int rowCount, ReadOnlySpan<DataViewRowId> ids)
    {
        _refusal = null;
        try
        {
            if (_path is not null)
                ImagePixelsMapper.Decode(transformer.Decoder, transformer.RootFolder, _path, _pixels);
            else
                ImagePixelsMapper.Decode(
                    transformer.Decoder,
                    _content.IsDense ? _content : _dense,
                    transformer.InputColumnName,
                    _row,
                    _pixels
                );
        }
        catch (InvalidDataException refusal)
        {
            // Only a reader of these pixels gets the error, because rows that are skipped may be damaged.
            _refusal = ExceptionDispatchInfo.Capture(refusal);
        }
    }

    public ValueGetter<T> GetGetter<T>(int outputIndex, Func<int> rowInBlock) =>
        (transformer.MakesBytes ? Bytes(rowInBlock) : Floats(rowInBlock)) as ValueGetter<T>
        ?? throw new InvalidOperationException(
            $"Column '{transformer.OutputColumnName}' has values of type {transformer.OutputColumn.Type.RawType}, not {typeof(T)}."
        );

    public void Dispose() { }

    void RequirePixels(Func<int> rowInBlock)
    {
        // Throws unless the cursor is on a row.
        rowInBlock();
        _refusal?.Throw();
    }

    Delegate Bytes(Func<int> rowInBlock) =>
        (ValueGetter<VBuffer<byte>>)(
            (ref VBuffer<byte> pixels) =>
            {
                RequirePixels(rowInBlock);
                var editor = VBufferEditor.Create(ref pixels, _pixels.Length);
                _pixels.CopyTo(editor.Values);
                pixels = editor.Commit();
            }
        );

    Delegate Floats(Func<int> rowInBlock) =>
        (ValueGetter<VBuffer<float>>)(
            (ref VBuffer<float> pixels) =>
            {
                RequirePixels(rowInBlock);
                var editor = VBufferEditor.Create(ref pixels, _pixels.Length);
                PixelConversion.Widen(_pixels, editor.Values);
                pixels = editor.Commit();
            }
        );
}
