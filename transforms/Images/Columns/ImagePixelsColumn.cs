using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Images.Decoding;
using NoisyNN.Transforms.Images.Resampling;

namespace NoisyNN.Transforms.Images.Columns;

/// <summary>A schema followed by the column of pixels, and the getters that decode.</summary>
sealed class ImagePixelsColumn
{
    readonly ImagePixelsTransformer _transformer;
    readonly DataViewSchema _inputSchema;
    readonly DataViewSchema.Column _input;

    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or neither text nor a vector of Byte.</exception>
    public ImagePixelsColumn(ImagePixelsTransformer transformer, DataViewSchema inputSchema)
    {
        (_transformer, _inputSchema) = (transformer, inputSchema);
        _input = Find(inputSchema, transformer.InputColumnName);
        Schema = OutputSchema.Append(inputSchema, [transformer.OutputColumn]);
    }

    public DataViewSchema Schema { get; }

    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or neither text nor a vector of Byte.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name) ?? throw Missing(name);
        return column.Type is TextDataViewType || column.Type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Byte
            ? column
            : throw WrongType(name, $"{column.Type}");
    }

    public ActiveColumns Activate(IEnumerable<DataViewSchema.Column> needed) => new(Schema, _inputSchema, needed);

    public IEnumerable<DataViewSchema.Column> Needed(ActiveColumns active) =>
        active.IsAppendedActive(0) ? active.OfSource(_input) : active.OfSource();

    public Delegate?[] CreateGetters(DataViewRow row, ActiveColumns active)
    {
        if (!active.IsAppendedActive(0))
            return [null];
        var decode = _input.Type is TextDataViewType ? FromPath(row) : FromContent(row);
        return [_transformer.MakesBytes ? Bytes(decode) : Floats(decode)];
    }

    public static ArgumentOutOfRangeException Missing(string name) => new(nameof(name), $"Could not find input column '{name}'.");

    public static ArgumentOutOfRangeException WrongType(string name, string type) =>
        new(
            nameof(name),
            $"Schema mismatch for input column '{name}': it is {type}. Give paths of image files as text, or their content as a vector of Byte."
        );

    ValueGetter<VBuffer<byte>> Bytes(Action<Span<byte>> decode) =>
        (ref VBuffer<byte> pixels) =>
        {
            var editor = VBufferEditor.Create(ref pixels, _transformer.Decoder.Shape.Length);
            decode(editor.Values);
            pixels = editor.Commit();
        };

    ValueGetter<VBuffer<float>> Floats(Action<Span<byte>> decode)
    {
        var bytes = new byte[_transformer.Decoder.Shape.Length];
        return (ref VBuffer<float> pixels) =>
        {
            decode(bytes);
            var editor = VBufferEditor.Create(ref pixels, bytes.Length);
            PixelConversion.Widen(bytes, editor.Values);
            pixels = editor.Commit();
        };
    }

    Action<Span<byte>> FromPath(DataViewRow row)
    {
        var getPath = row.GetGetter<ReadOnlyMemory<char>>(_input);
        var path = default(ReadOnlyMemory<char>);
        return pixels =>
        {
            getPath(ref path);
            Decode(_transformer.Decoder, _transformer.RootFolder, $"{path}", pixels);
        };
    }

    Action<Span<byte>> FromContent(DataViewRow row)
    {
        var getContent = row.GetGetter<VBuffer<byte>>(_input);
        var (content, dense) = (default(VBuffer<byte>), default(VBuffer<byte>));
        return pixels =>
        {
            getContent(ref content);
            if (!content.IsDense)
                content.CopyToDense(ref dense);
            Decode(_transformer.Decoder, content.IsDense ? content : dense, _input.Name, row.Position, pixels);
        };
    }

    /// <exception cref="InvalidDataException">The file cannot be read; the message names it.</exception>
    public static void Decode(ImageDecoder decoder, string? rootFolder, string path, Span<byte> pixels)
    {
        var file = rootFolder is null ? path : Path.Combine(rootFolder, path);
        try
        {
            decoder.DecodeFile(file, pixels);
        }
        catch (Exception exception)
            when (exception is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidDataException($"{file}: {exception.Message.TrimEnd('.')}. Repair the file, or filter the row out.", exception);
        }
    }

    /// <exception cref="InvalidDataException">The content cannot be read; the message names column and row.</exception>
    public static void Decode(ImageDecoder decoder, in VBuffer<byte> content, string columnName, long? row, Span<byte> pixels)
    {
        if (!decoder.TryDecode(content.GetValues(), pixels, out _, out var refusal))
            throw new InvalidDataException(
                $"Column '{columnName}'{(row is null ? "" : $", row {row}")}: {refusal.Reason}. Repair the image, or filter the row out."
            );
    }
}
