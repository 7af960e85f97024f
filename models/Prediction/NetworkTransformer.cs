using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training;
using NoisyNN.Transforms;
using NoisyNN.Transforms.Batching;
using TorchSharp;

namespace NoisyNN.Models.Prediction;

/// <summary>
/// A trained network as an ML.NET transformer: it scores rows in batches, lazily and in their order. Disposing it disposes the network.
/// </summary>
/// <remarks>
/// A <c>PredictionEngine</c> disposes its model when it is disposed itself, unless <see cref="PredictionEngineOptions.OwnsTransformer"/> is
/// false. A later use of the model is then an <see cref="ObjectDisposedException"/>. Scores are computed anew at every pass over a view;
/// what reads it again and again is warned of in <see cref="MLContext.Log"/>.
/// </remarks>
public sealed class NetworkTransformer : ISingleFeaturePredictionTransformer<Classifier>, IDisposable
{
    readonly MLContext _context;
    readonly KeyColumn _label;
    readonly DataViewSchema _trainingSchema;
    readonly NetworkMapper _mapper;
    readonly Classifier _network;

    internal NetworkTransformer(
        MLContext context,
        Classifier network,
        torch.Device device,
        ClassifierOptions options,
        KeyColumn label,
        DataViewSchema trainingSchema,
        TrainingResult training
    )
    {
        (_context, _network, _label, _trainingSchema) = (context, network, label, trainingSchema);
        Device = device;
        Labels = label.Labels;
        Training = training;
        FeatureColumnName = options.FeatureColumnName;
        ScoreColumnName = options.ScoreColumnName;
        PredictedLabelColumnName = options.PredictedLabelColumnName;
        FeatureColumnType = trainingSchema[FeatureColumnName].Type;
        _mapper = new NetworkMapper(
            new NetworkClassifier(network, device),
            network,
            options.FeatureColumnName,
            options.BatchSize,
            options.OutputColumns(label),
            network is ImageClassifier ? new(context, FeatureColumnName, "the network", takesRaw: true) : null
        );
    }

    /// <summary>
    /// The network with its best weights, on <see cref="Device"/>. Noise may be put into it: later scores then see the noise.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public Classifier Network
    {
        get
        {
            ThrowIfDisposed();
            return _network;
        }
    }

    Classifier IPredictionTransformer<Classifier>.Model => Network;

    /// <summary>Where rows are computed.</summary>
    public torch.Device Device { get; }

    /// <summary>The names of the classes, in the order of the scores.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>How the training went.</summary>
    public TrainingResult Training { get; }

    /// <summary>The pixel column that is read.</summary>
    public string FeatureColumnName { get; }

    /// <summary>The type that this column had in training.</summary>
    public DataViewType FeatureColumnType { get; }

    /// <summary>The column of class probabilities that is appended.</summary>
    public string ScoreColumnName { get; }

    /// <summary>The key column that is appended.</summary>
    public string PredictedLabelColumnName { get; }

    /// <summary>False while the network mixes the rows of a batch: a single row then has no score of its own.</summary>
    public bool IsRowToRowMapper => !_mapper.DependsOnNeighbours;

    /// <summary>The last trained network in a model: the model itself, or a link of its chain.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static NetworkTransformer FindIn(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Find(model)
            ?? throw new ArgumentException(
                $"The model, a {model.GetType().Name}, holds no trained network; fit a pipeline with a trainer of ml.Vision.",
                nameof(model)
            );

        static NetworkTransformer? Find(ITransformer candidate) =>
            candidate switch
            {
                NetworkTransformer network => network,
                IEnumerable<ITransformer> chain => chain.Select(Find).LastOrDefault(found => found is not null),
                _ => null,
            };
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The pixel column is missing, or holds no images of the size that the network was
    /// trained on.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ThrowIfDisposed();
        _mapper.ThrowIfUnfit(inputSchema);
        return OutputSchema.Append(inputSchema, _mapper.OutputColumns);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The pixel column is missing, or holds no images of the size that the network was
    /// trained on.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ThrowIfDisposed();
        _mapper.ThrowIfUnfit(input.Schema);
        return new BlockMappedDataView(input, _mapper, _context);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The pixel column is missing, or holds no images of the size that the network was
    /// trained on.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ThrowIfDisposed();
        _mapper.ThrowIfUnfit(inputSchema);
        return new BlockRowMapper(inputSchema, _mapper);
    }

    /// <summary>
    /// Saves ML.NET's own parts, so that an application that knows only ML.NET can load and use the network. The columns have the same
    /// types there: <see cref="ScoreColumnName"/> is a vector with the labels as slot names, <see cref="PredictedLabelColumnName"/> a key
    /// with the training label's key values. Rows are scored one by one.
    /// </summary>
    /// <exception cref="NotSupportedException">The network has noise at inference, which a file cannot hold.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ThrowIfDisposed();
        // A context of its own: what is fitted here draws no seeds from the user's.
        var context = new MLContext(seed: 1) { TempFilePath = _context.TempFilePath };
        new NetworkCarrier(context, this, _label, _trainingSchema).Save(ctx);
    }

    /// <summary>Disposes the network.</summary>
    public void Dispose() => _network.Dispose();

    void ThrowIfDisposed() => DisposedTransformer.ThrowIf(_network.IsDisposed, nameof(NetworkTransformer), "its network");
}
