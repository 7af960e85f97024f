using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training;
using NoisyNN.Transforms.Batching;
using TorchSharp;

namespace NoisyNN.Models.Prediction;

/// <summary>
/// A trained network as an ML.NET transformer: it scores rows in batches, lazily and in their order. Disposing it disposes the network.
/// </summary>
public sealed class NetworkTransformer : ITransformer, IDisposable
{
    readonly MLContext _context;
    readonly NetworkMapper _mapper;

    internal NetworkTransformer(
        MLContext context,
        Classifier network,
        torch.Device device,
        ClassifierOptions options,
        KeyColumn label,
        TrainingResult training
    )
    {
        _context = context;
        Network = network;
        Device = device;
        Labels = label.Labels;
        Training = training;
        FeatureColumnName = options.FeatureColumnName;
        ScoreColumnName = options.ScoreColumnName;
        PredictedLabelColumnName = options.PredictedLabelColumnName;
        _mapper = new NetworkMapper(
            new NetworkClassifier(network, device),
            network,
            options.FeatureColumnName,
            options.BatchSize,
            options.OutputColumns(label)
        );
    }

    /// <summary>
    /// The network with its best weights, on <see cref="Device"/>. Noise may be put into it: later scores then see the noise.
    /// </summary>
    public Classifier Network { get; }

    /// <summary>Where rows are computed.</summary>
    public torch.Device Device { get; }

    /// <summary>The names of the classes, in the order of the scores.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>How the training went.</summary>
    public TrainingResult Training { get; }

    /// <summary>The pixel column that is read.</summary>
    public string FeatureColumnName { get; }

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
        _mapper.ThrowIfUnfit(inputSchema);
        return OutputSchema.Append(inputSchema, _mapper.OutputColumns);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The pixel column is missing, or holds no images of the size that the network was
    /// trained on.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _mapper.ThrowIfUnfit(input.Schema);
        return new BlockMappedDataView(input, _mapper);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The pixel column is missing, or holds no images of the size that the network was
    /// trained on.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _mapper.ThrowIfUnfit(inputSchema);
        return new BlockRowMapper(inputSchema, _mapper);
    }

    /// <summary>
    /// Saves ML.NET's own parts, an ONNX model and a mapping of values to keys, so that an application that knows only ML.NET can load and
    /// use the network. There it scores row by row, and <c>PredictedLabel</c> is a vector of one key with the class names as text, since no
    /// part of ML.NET takes a vector's only element out.
    /// </summary>
    /// <exception cref="NotSupportedException">The network has noise at inference, which a file cannot hold.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx) => NetworkCarrier.Save(_context, this, ctx);

    /// <summary>Disposes the network.</summary>
    public void Dispose() => Network.Dispose();
}
