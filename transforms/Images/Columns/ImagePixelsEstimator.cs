using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Transforms.Images.Columns;

/// <summary>Reads a column of image files, given by their paths or by their content, as raw pixels of one size.</summary>
/// <remarks>
/// <para>The pixels are those of <see cref="ImageDecoder"/>, byte for byte. So a pipeline in code sees what the command line sees.</para>
/// <para>
/// If an image cannot be read, you get an <see cref="InvalidDataException"/> with file and reason when you read its pixels. There is
/// nothing to fit. A saved model is a chain of ML.NET's transformers. To load it, the assembly NoisyNN.Transforms must be beside it.
/// </para>
/// </remarks>
public sealed class ImagePixelsEstimator : IEstimator<ImagePixelsTransformer>
{
    /// <summary>The columns, the size and the decoder's options.</summary>
    public sealed class Options
    {
        /// <summary>The column to make.</summary>
        public string OutputColumnName = "Pixels";

        /// <summary>Paths of files (text), or their content (a vector of Byte of any size).</summary>
        public string InputColumnName = "Path";

        /// <summary>The folder of relative paths; null for the current folder.</summary>
        public string? RootFolder;

        /// <summary>Height of the result, in pixels.</summary>
        public int Height;

        /// <summary>Width of the result, in pixels.</summary>
        public int Width;

        /// <summary>1 (grey, the luma of ITU-R BT.601) or 3 (red, green, blue).</summary>
        public int Channels = 3;

        /// <summary>Whether the column holds Byte in place of Single; the values are the same.</summary>
        public bool OutputAsBytes;

        /// <summary>
        /// Images that are decoded at a time, on their own threads, while earlier rows are read. 0 means one for each processor; 1 decodes
        /// on the thread that reads. The pixels do not depend on it.
        /// </summary>
        public int ThreadCount;

        /// <summary>Limits, formats, background, layout.</summary>
        public ImageDecoderOptions Decoder = new();

        internal Options Copy() => (Options)MemberwiseClone();
    }

    const int MostThreads = 1024;

    readonly MLContext _context;
    readonly Options _options;

    /// <param name="context">The context.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <exception cref="ArgumentException">A column name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size, the channels or an option of the decoder is out of its range.</exception>
    public ImagePixelsEstimator(MLContext context, Options options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.InputColumnName);
        if (options.ThreadCount is < 0 or > MostThreads)
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.ThreadCount,
                $"{nameof(Options.ThreadCount)} is {options.ThreadCount}; give 1 to {MostThreads}, or 0 for one for each processor."
            );
        _context = context;
        _options = options.Copy();
        // This checks size and decoder now.
        _ = new ImagePixelsTransformer(context, _options, takesPaths: true);
    }

    /// <summary>Checks the input column and returns the transformer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or neither text nor a vector of Byte.</exception>
    public ImagePixelsTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var takesPaths = ImagePixelsMapper.Find(input.Schema, _options.InputColumnName).Type is TextDataViewType;
        return new(_context, _options, takesPaths);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or neither text nor a vector of Byte.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var name = _options.InputColumnName;
        var column = inputSchema.FirstOrDefault(column => column.Name == name);
        if (column.Name is null)
            throw ImagePixelsMapper.Missing(name);
        var isText = column is { Kind: SchemaShape.Column.VectorKind.Scalar } && column.ItemType == TextDataViewType.Instance;
        var isBytes = column.Kind != SchemaShape.Column.VectorKind.Scalar && column.ItemType == NumberDataViewType.Byte;
        return isText || isBytes
            ? OutputSchema.Append(_context, inputSchema, [ImagePixelsTransformer.OutputColumnOf(_options)])
            : throw ImagePixelsMapper.WrongType(name, $"{column.Kind}<{column.ItemType}>");
    }
}
