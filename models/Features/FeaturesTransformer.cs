using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;
using NoisyNN.Transforms;
using NoisyNN.Transforms.Batching;
using static TorchSharp.torch;

namespace NoisyNN.Models.Features;

/// <summary>The activations of a named layer as a column. See <see cref="FeaturesEstimator"/>.</summary>
/// <remarks>They are computed anew at every pass over a view; what reads it again and again is warned of in
/// <see cref="MLContext.Log"/>.</remarks>
public sealed class FeaturesTransformer : ITransformer
{
    readonly MLContext _context;
    readonly EmbeddingMapper _mapper;

    internal FeaturesTransformer(MLContext context, FeaturesEstimator.Options options)
    {
        var (network, layer) = (options.Network!, options.Layer ?? options.Network!.FeatureLayer);
        ThrowIfDisposed(network);
        if (!network.Layers.Contains(layer))
            throw new ArgumentException(
                $"The network, a {network.GetName()}, has no layer '{layer}'; it has {string.Join(", ", network.Layers)}.",
                nameof(options)
            );
        _context = context;
        (Network, Layer, InputColumnName, OutputColumnName) = (network, layer, options.InputColumnName, options.OutputColumnName);
        var output = new DataViewSchema.DetachedColumn(
            OutputColumnName,
            new VectorDataViewType(NumberDataViewType.Single, Shape(network, layer))
        );
        _mapper = new EmbeddingMapper(
            InputColumnName,
            options.BatchSize,
            output,
            network.InputLength,
            network.LatentNoise is { IsTransductive: true },
            network is ImageClassifier ? new(context, InputColumnName, "the network", takesRaw: true) : null,
            (rows, embedding) => Compute(network, layer, rows, embedding)
        );
    }

    /// <summary>The network, which is the caller's.</summary>
    public Classifier Network { get; }

    /// <summary>The layer whose activations are taken.</summary>
    public string Layer { get; }

    /// <summary>The column that is read.</summary>
    public string InputColumnName { get; }

    /// <summary>The column that is made: a vector with the dimensions of one row's activations.</summary>
    public string OutputColumnName { get; }

    /// <summary>False while the network mixes the rows of a batch.</summary>
    public bool IsRowToRowMapper => !_mapper.DependsOnNeighbours;

    internal IReadOnlyList<DataViewSchema.DetachedColumn> OutputColumns => _mapper.OutputColumns;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or holds no rows of the size that the network
    /// takes.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ThrowIfDisposed(Network);
        LabelledPixels.FindPixels(inputSchema, InputColumnName, [.. Network.InputShape]);
        return OutputSchema.Append(inputSchema, _mapper.OutputColumns);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or holds no rows of the size that the network
    /// takes.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(input.Schema);
        return new BlockMappedDataView(input, _mapper, _context);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or holds no rows of the size that the network
    /// takes.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        GetOutputSchema(inputSchema);
        return new BlockRowMapper(inputSchema, _mapper);
    }

    /// <summary>
    /// Saves the network up to the layer as an ONNX model, a part of ML.NET's own, which an application that knows only ML.NET can load.
    /// </summary>
    /// <exception cref="NotSupportedException">The network's ONNX graph has no output for the layer.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ThrowIfDisposed(Network);
        var graph = OnnxExporter.GraphOf(Network);
        var output =
            Layer == Classifier.LogitsLayer ? TensorNames.Logits
            : Layer == Network.FeatureLayer ? graph.Features
            : throw new NotSupportedException(
                $"The layer '{Layer}' is no output of the network's ONNX graph, so a model file cannot hold it; "
                    + $"'{Network.FeatureLayer}' and '{Classifier.LogitsLayer}' are."
            );
        EmbeddingCarrier.Save(
            _context,
            OnnxExporter.Model(Network, new()),
            (graph.Input, InputColumnName, Network.InputShape),
            (output, OutputColumnName),
            ctx
        );
    }

    /// <summary>One row's activations, without the batch.</summary>
    static int[] Shape(Classifier network, string layer)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        network.eval();
        var row = zeros([1, .. network.InputShape.Select(size => (long)size)], device: network.parameters().First().device);
        return [.. network.Activations(row, layer).shape.Skip(1).Select(size => (int)size)];
    }

    static void ThrowIfDisposed(Classifier network) =>
        DisposedTransformer.ThrowIf(network.IsDisposed, nameof(FeaturesTransformer), "the network that it reads");

    static void Compute(Classifier network, string layer, Tensor rows, Span<float> embedding)
    {
        ThrowIfDisposed(network);
        if (network.training)
            network.eval();
        var input = rows.reshape([rows.shape[0], .. network.InputShape.Select(size => (long)size)]).to(network.parameters().First().device);
        EmbeddingMapper.Copy(network.Activations(input, layer), embedding);
    }
}
