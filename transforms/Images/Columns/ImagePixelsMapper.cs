using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Transforms.Images.Columns;

/// <summary>
/// Decodes an image a block, several of them at a time while rows are read. A block is one row, so that a row whose image cannot be read
/// takes no other row with it.
/// </summary>
sealed class ImagePixelsMapper : IBlockMapper
{
    readonly ImagePixelsTransformer _transformer;

    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or neither text nor a vector of Byte.</exception>
    public ImagePixelsMapper(ImagePixelsTransformer transformer, DataViewSchema inputSchema)
    {
        _transformer = transformer;
        Find(inputSchema, transformer.InputColumnName);
        OutputColumns = [transformer.OutputColumn];
    }

    public string InputColumnName => _transformer.InputColumnName;

    public int BlockSize => 1;

    public int ParallelBlocks => _transformer.ThreadCount > 1 ? _transformer.ThreadCount : 0;

    public IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns { get; }

    public bool ReadsColumn(DataViewType type) => IsReadable(type);

    public IBlock CreateBlock(int inputLength, int blockSize) => new ImagePixelsBlock(_transformer);

    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or neither text nor a vector of Byte.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name) ?? throw Missing(name);
        return IsReadable(column.Type) ? column : throw WrongType(name, $"{column.Type}");
    }

    static bool IsReadable(DataViewType type) =>
        type is TextDataViewType || type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Byte;

    public static ArgumentOutOfRangeException Missing(string name) => new(nameof(name), $"Could not find input column '{name}'.");

    public static ArgumentOutOfRangeException WrongType(string name, string type) =>
        new(
            nameof(name),
            $"Schema mismatch for input column '{name}': it is {type}. Give paths of "
                + "image files as text, or their content as a vector of Byte."
        );

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
