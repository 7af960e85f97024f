using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Networks.Probe;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Models.Onnx;

/// <summary>
/// Writes trained networks as ONNX files. The input "Pixels" takes raw pixels, float [N, C, H, W] in 0..255 with any N; the outputs are
/// "Score", the class probabilities, "Logits", and what the head reads: "ClassToken" of a transformer, "Features" of a convolutional
/// network. A file holds the network without noise: a prediction depends on its own row alone.
/// </summary>
public static class OnnxExporter
{
    /// <summary>The version of ONNX's operator set that files are written for.</summary>
    public const int Opset = 17;

    /// <summary>The largest accepted difference between file and network.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>The largest accepted difference where the weights are stored in half precision.</summary>
    public const double HalfTolerance = 1e-2;

    const int NewestOpset = 21;
    internal const string InputName = "Pixels";
    internal const string ScoreName = "Score";
    internal const string LogitsName = "Logits";

    /// <summary>The output of a transformer that its head reads.</summary>
    public const string ClassTokenName = "ClassToken";

    /// <summary>The output of a convolutional network that its head reads.</summary>
    public const string FeaturesName = "Features";
    internal const string BatchDimension = "N";

    // The first version of the format that goes with operator set 17.
    const int IrVersion = 8;

    /// <summary>
    /// Writes the network to a file, compares the two in ONNX Runtime, and only then gives the file its name. Equal weights give equal
    /// bytes.
    /// </summary>
    /// <param name="network">The network, on any device. It is left as it was.</param>
    /// <param name="options">Labels, metadata, rows to compare on.</param>
    /// <param name="path">The file, which is replaced if there is one. Its folder is made if there is none.</param>
    /// <exception cref="NotSupportedException">No graph is known for this network, it has noise at inference, or the noise for its graph
    /// cannot be written as one.</exception>
    /// <exception cref="ArgumentException">The number of labels, or of validation values, does not fit the network.</exception>
    /// <exception cref="InvalidOperationException">File and network differ by more than <see cref="Tolerance"/>, or
    /// <see cref="HalfTolerance"/>; no file is left.</exception>
    public static OnnxExportResult Export(ImageClassifier network, OnnxExportOptions options, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (network.LatentNoise is { AtInference: true })
            throw new NotSupportedException(
                "The network has noise at inference, and an ONNX file holds it without. Take the noise out with SetLatentNoise(null), or switch AtInference off, and export again."
            );
        if (options.Labels.Count > 0 && options.Labels.Count != network.ClassCount)
            throw new ArgumentException($"{options.Labels.Count} labels were given for {network.ClassCount} classes.", nameof(options));
        if (options.AnyImageSize && network is not (NoisyResNet or AllCnn))
            throw new NotSupportedException(
                network is NoisyClassifier
                    ? $"A {network.GetName()} takes vectors, not images; leave their size out."
                    : $"A {network.GetName()} takes images of {network.Height} x {network.Width} pixels alone; convolutional networks take any size."
            );

        RequireForm(network, options);
        var wasTraining = network.training;
        network.eval();
        try
        {
            var difference = ComparedFile.Write(form => Model(network, form), options, path, ExportComparison.Of(network));
            return new(path, options.Opset, difference, network.ParameterCount);
        }
        finally
        {
            network.train(wasTraining);
        }
    }

    static void RequireForm(ImageClassifier network, OnnxExportOptions options)
    {
        RequireForm(options);
        if (network is NoisyClassifier && (options.PixelInput != PixelInput.FloatPlanar || options.InputNoiseScope != NoiseScope.Training))
            throw new NotSupportedException(
                $"A {network.GetName()} takes vectors, not pixels: neither bytes nor noise can be put before it."
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

    internal static string InputNameOf(ImageClassifier network) => network is NoisyClassifier ? NoisyClassifierGraph.InputName : InputName;

    /// <summary>The output that holds what the network's head reads.</summary>
    internal static string FeaturesNameOf(ImageClassifier network) =>
        network switch
        {
            NoisyViT => ClassTokenName,
            NoisyClassifier => NoisyClassifierGraph.HiddenName,
            _ => FeaturesName,
        };

    internal static ModelProto Model(ImageClassifier network, OnnxExportOptions options)
    {
        var weights = new NetworkWeights(network.state_dict());
        var graph = (
            network switch
            {
                NoisyViT transformer => NoisyViTGraph.Build(transformer.Configuration, weights),
                NoisyResNet residual => NoisyResNetGraph.Build(residual.Configuration, weights, options.AnyImageSize),
                AllCnn convolutional => AllCnnGraph.Build(convolutional.Configuration, weights, options.AnyImageSize),
                NoisyClassifier classifier => NoisyClassifierGraph.Build(classifier.Configuration, weights),
                _ => throw new NotSupportedException($"There is no ONNX graph for a {network.GetName()}."),
            }
        ).ToGraph();
        weights.ThrowIfUnused();

        var configuration = network.Configuration;
        var input =
            network is NoisyClassifier
                ? "vectors"
                : $"{configuration.ImageSize} x {configuration.ImageSize} x {configuration.Channels} raw pixels";
        return Document(
            graph,
            $"{network.GetName()}, {input} to {configuration.ClassCount} classes; {configuration.Summary}.",
            options,
            ModelMetadata.Describe(network, options)
        );
    }

    /// <summary>A network's graph in the form that is asked for, with what a file says about itself.</summary>
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
