using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Images.Decoding;

namespace NoisyNN.Transforms.Images.Columns;

/// <summary>Image files as pixels of one size. See <see cref="ImagePixelsEstimator"/>.</summary>
public sealed class ImagePixelsTransformer : ITransformer
{
    readonly MLContext _context;
    readonly ImagePixelsEstimator.Options _options;
    readonly bool _takesPaths;

    internal ImagePixelsTransformer(MLContext context, ImagePixelsEstimator.Options options, bool takesPaths)
    {
        (_context, _options, _takesPaths) = (context, options, takesPaths);
        Decoder = new(new(options.Channels, options.Height, options.Width), options.Decoder);
    }

    /// <summary>The decoder of the images.</summary>
    public ImageDecoder Decoder { get; }

    /// <summary>The column that is read.</summary>
    public string InputColumnName => _options.InputColumnName;

    /// <summary>The column that is made.</summary>
    public string OutputColumnName => _options.OutputColumnName;

    internal DataViewSchema.DetachedColumn OutputColumn => OutputColumnOf(_options);

    internal string? RootFolder => _options.RootFolder;

    internal bool MakesBytes => _options.OutputAsBytes;

    internal int ThreadCount => _options.ThreadCount > 0 ? _options.ThreadCount : Environment.ProcessorCount;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or neither text nor a vector of Byte.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return OutputSchema.Append(inputSchema, new ImagePixelsMapper(this, inputSchema).OutputColumns);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or neither text nor a vector of Byte.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BlockMappedDataView(input, new ImagePixelsMapper(this, input.Schema));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or neither text nor a vector of Byte.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BlockRowMapper(inputSchema, new ImagePixelsMapper(this, inputSchema));
    }

    /// <summary>
    /// Saves a chain of ML.NET's transformers that does the same. Loading it needs this assembly, which ML.NET finds by name.
    /// </summary>
    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)ImagePixelsCarrier.Create(_context, _options, _takesPaths)).Save(ctx);

    internal static DataViewSchema.DetachedColumn OutputColumnOf(ImagePixelsEstimator.Options options)
    {
        var item = options.OutputAsBytes ? NumberDataViewType.Byte : NumberDataViewType.Single;
        var type =
            options.Decoder.Layout == PixelLayout.Planar
                ? new VectorDataViewType(item, options.Channels, options.Height, options.Width)
                : new VectorDataViewType(item, options.Height, options.Width, options.Channels);
        return new(options.OutputColumnName, type);
    }
}
