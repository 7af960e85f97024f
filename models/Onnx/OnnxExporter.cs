using NoisyNN.Models.Networks;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Models.Onnx;

/// <summary>
/// Writes trained networks as ONNX files. The input "Pixels" takes raw pixels, float [N, C, H, W] in 0..255 with any N. The outputs are
/// "Score", the class probabilities, "Logits", and the input of the head, under the name that the network's graph gives it. A file holds
/// the network without noise, so a prediction depends only on its own row.
/// </summary>
public static class OnnxExporter
{
    /// <summary>The version of ONNX's operator set that files are written for.</summary>
    public const int Opset = 17;

    /// <summary>The largest accepted difference between file and network.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>The largest accepted difference with weights in half precision.</summary>
    public const double HalfTolerance = 1e-2;

    const int NewestOpset = 21;

    // The first version of the format that goes with operator set 17.
    const int IrVersion = 8;

    /// <summary>
    /// Writes the network to a file, compares the two in ONNX Runtime, and then gives the file its name. Equal weights give equal bytes.
    /// </summary>
    /// <param name="network">The network, on any device. It is not changed.</param>
    /// <param name="options">Labels, metadata, and rows to compare on.</param>
    /// <param name="path">The file. An existing file is replaced; a missing folder is created.</param>
    /// <exception cref="NotSupportedException">The network has no graph or has noise at inference, or ONNX has no operators for the noise
    /// in its graph.</exception>
    /// <exception cref="ArgumentException">The number of labels, or of validation values, does not fit the network.</exception>
    /// <exception cref="InvalidOperationException">File and network differ by more than <see cref="Tolerance"/>, or
    /// <see cref="HalfTolerance"/>; no file is left.</exception>
    public static OnnxExportResult Export(Classifier network, OnnxExportOptions options, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (network.LatentNoise is { AtInference: true })
            throw new NotSupportedException(
                "The network has noise at inference, but an ONNX file has none. Remove the noise with SetLatentNoise(null), or "
                    + "set AtInference to false, and export again."
            );
        if (options.Labels.Count > 0 && options.Labels.Count != network.ClassCount)
            throw new ArgumentException($"{options.Labels.Count} labels were given for {network.ClassCount} classes.", nameof(options));
        var graph = GraphOf(network);
        RequireForm(network, graph, options);
        var wasTraining = network.training;
        network.eval();
        try
        {
            var difference = ComparedFile.Write(
                form => Model(network, form),
                options,
                path,
                ExportComparison.Of(network, graph, options.Temperature)
            );
            return new(path, options.Opset, difference, network.ParameterCount);
        }
        finally
        {
            network.train(wasTraining);
        }
    }

    /// <summary>The network's graph.</summary>
    /// <exception cref="NotSupportedException">The network has none.</exception>
    internal static NetworkGraph GraphOf(Classifier network) =>
        network.Graph
        ?? throw new NotSupportedException(
            $"There is no ONNX graph for a {network.GetName()}, so it cannot be written as an ONNX file or an ML.NET model. "
                + "Give it one: override Graph in its class, or set HostedConfiguration.Graph for a module of your own."
        );

    static void RequireForm(Classifier network, NetworkGraph graph, OnnxExportOptions options)
    {
        RequireForm(options);
        var images = network as ImageClassifier;
        if (options.AnyImageSize && !graph.TakesAnyImageSize)
            throw new NotSupportedException(
                images is null
                    ? $"A {network.GetName()} takes vectors, not images; leave their size out."
                    : $"A {network.GetName()} takes only images of {images.Height} x "
                        + $"{images.Width} pixels; convolutional networks take any size."
            );
        if (images is null && (options.PixelInput != PixelInput.FloatPlanar || options.InputNoiseScope != NoiseScope.Training))
            throw new NotSupportedException(
                $"A {network.GetName()} takes vectors, not pixels, so neither bytes nor noise can be put before it."
            );
    }

    internal static void RequireForm(OnnxExportOptions options)
    {
        if (options.Opset is < Opset or > NewestOpset)
            throw new ArgumentOutOfRangeException(nameof(options), options.Opset, $"Opset must be {Opset} to {NewestOpset}.");
        if (options.InputNoiseScope == NoiseScope.Always && options.InputNoise is null)
            throw new ArgumentException(
                $"{nameof(options.InputNoiseScope)} is {NoiseScope.Always}, but there is no {nameof(options.InputNoise)}.",
                nameof(options)
            );
    }

    internal static ModelProto Model(Classifier network, OnnxExportOptions options)
    {
        var weights = new NetworkWeights(
            network.state_dict().ToDictionary(array => network.WeightLayout.WithoutPrefix(array.Key), array => array.Value)
        );
        var graph = GraphOf(network).Build(weights, options.AnyImageSize).ToGraph();
        weights.ThrowIfUnused();
        ScoreTemperature.Apply(graph, options.Temperature);

        var configuration = network.Configuration;
        var input = network is ImageClassifier images ? $"{images.Height} x {images.Width} x {images.Channels} raw pixels" : "vectors";
        return Document(
            graph,
            $"{network.GetName()}, {input} to {configuration.ClassCount} classes; {configuration.Summary}.",
            options,
            ModelMetadata.Describe(network, options)
        );
    }

    /// <summary>The network's graph in the requested form, with the metadata of the file.</summary>
    internal static ModelProto Document(
        GraphProto graph,
        string description,
        OnnxExportOptions options,
        IEnumerable<KeyValuePair<string, string>> metadata
    )
    {
        InputGraph.Prepend(graph, options);
        if (options.WeightPrecision == WeightPrecision.Float16)
            ExportForm.HalveWeights(graph);
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "NoisyNN for ML.NET",
            ProducerVersion = typeof(OnnxExporter).Assembly.GetName().Version!.ToString(3),
            Domain = "noisynn",
            ModelVersion = 1,
            DocString = description,
            OpsetImport = { new OperatorSetIdProto { Version = Opset } },
            Graph = graph,
        };
        ExportForm.UseOpset(model, options.Opset);
        foreach (var (key, value) in metadata)
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return model;
    }
}
