using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training;
using NoisyNN.Transforms;
using NoisyNN.Transforms.Batching;
using TorchSharp;

namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>
/// A trained autoencoder as an ML.NET transformer: codes and bounds of rows, in batches, lazily. Disposing it disposes the network.
/// </summary>
public sealed class InformationVaeTransformer : ITransformer, IDisposable
{
    readonly MLContext _context;
    readonly InformationVaeMapper _mapper;
    readonly InformationVae _network;
    bool _disposed;

    internal InformationVaeTransformer(
        MLContext context,
        InformationVae network,
        torch.Device device,
        InformationVaeTrainer.Options options,
        TrainingResult training
    )
    {
        _context = context;
        (_network, Device, Training) = (network, device, training);
        (FeatureColumnName, EmbeddingColumnName, BoundColumnName) = (
            options.FeatureColumnName,
            options.EmbeddingColumnName,
            options.BoundColumnName
        );
        _mapper = new InformationVaeMapper(
            network,
            device,
            FeatureColumnName,
            options.BatchSize,
            Columns(options),
            (ulong)options.Seed!.Value
        );
    }

    /// <summary>The network with its best weights, on <see cref="Device"/>.</summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public InformationVae Network
    {
        get
        {
            DisposedTransformer.ThrowIf(_disposed, nameof(InformationVaeTransformer), "its network");
            return _network;
        }
    }

    /// <summary>Where rows are computed.</summary>
    public torch.Device Device { get; }

    /// <summary>How the training went.</summary>
    public TrainingResult Training { get; }

    /// <summary>The pixel column that is read.</summary>
    public string FeatureColumnName { get; }

    /// <summary>The column of codes.</summary>
    public string EmbeddingColumnName { get; }

    /// <summary>The column of bounds, nats; null if there is none.</summary>
    public string? BoundColumnName { get; }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    internal static DataViewSchema.DetachedColumn[] Columns(InformationVaeTrainer.Options options)
    {
        var embedding = new DataViewSchema.DetachedColumn(
            options.EmbeddingColumnName,
            new VectorDataViewType(NumberDataViewType.Single, options.Network.LatentDimension)
        );
        return options.BoundColumnName is { } bound
            ? [embedding, new DataViewSchema.DetachedColumn(bound, NumberDataViewType.Single)]
            : [embedding];
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The pixel column is missing or holds no images of the network's size.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        FeatureColumn.Find(inputSchema, FeatureColumnName, Network.Configuration.InputShape);
        return OutputSchema.Append(inputSchema, _mapper.OutputColumns);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The pixel column is missing or holds no images of the network's size.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(input.Schema);
        return new BlockMappedDataView(input, _mapper);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The pixel column is missing or holds no images of the network's size.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        GetOutputSchema(inputSchema);
        return new BlockRowMapper(inputSchema, _mapper);
    }

    /// <summary>Saves the encoder as an ONNX model, a part of ML.NET's own, which an application that knows only ML.NET can load.</summary>
    /// <exception cref="NotSupportedException">There is a column of bounds, which needs random codes.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        if (BoundColumnName is { } bound)
            throw new NotSupportedException(
                $"The column '{bound}' needs random codes, which a model file cannot hold; train with "
                    + $"{nameof(InformationVaeTrainer.Options.BoundColumnName)} null, "
                    + "or write encoder and decoder with ml.Vision.SaveAsOnnx."
            );
        EmbeddingCarrier.Save(
            _context,
            InformationVaeExporter.Encoder(Network, new()),
            (TensorNames.Pixels, FeatureColumnName, [.. Network.Configuration.InputShape]),
            (InformationVaeExporter.EmbeddingName, EmbeddingColumnName),
            ctx
        );
    }

    /// <summary>Disposes the network.</summary>
    public void Dispose()
    {
        _disposed = true;
        _network.Dispose();
    }
}
