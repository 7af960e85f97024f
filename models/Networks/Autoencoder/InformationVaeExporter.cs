using NoisyNN.Models.Layers;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Onnx;
using static TorchSharp.torch;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>Two written and checked ONNX files of an autoencoder.</summary>
/// <param name="EncoderPath">From Pixels [N, C, H, W] in 0..255 to Embedding, the codes without noise, and Scale, σ or α, both [N,
/// D].</param>
/// <param name="DecoderPath">From Embedding [N, D] to Pixels [N, C, H, W], Bernoulli means in 0..1.</param>
/// <param name="MaxAbsDifference">The largest absolute difference between an output in ONNX Runtime and in the network, over batches of 1,
/// 2 and 7 rows.</param>
public sealed record InformationVaeExportResult(string EncoderPath, string DecoderPath, double MaxAbsDifference)
{
    /// <summary>"'encoder.onnx' and 'decoder.onnx', at most 1e-06 from the network"</summary>
    public override string ToString() =>
        FormattableString.Invariant($"'{EncoderPath}' and '{DecoderPath}', at most {MaxAbsDifference:g3} from the network");
}

/// <summary>Writes an <see cref="InformationVae"/> as two ONNX files.</summary>
public static class InformationVaeExporter
{
    internal const string EmbeddingName = "Embedding";
    internal const string ScaleName = "Scale";

    /// <summary>Writes encoder and decoder, each compared with the network in ONNX Runtime before it gets its name.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="encoderPath">Replaced if there is one; its folder is made if there is none.</param>
    /// <param name="decoderPath">The same for the decoder.</param>
    /// <exception cref="InvalidOperationException">File and network differ by more than <see cref="OnnxExporter.Tolerance"/>; that file is
    /// not left.</exception>
    public static InformationVaeExportResult Export(InformationVae network, string encoderPath, string decoderPath)
    {
        var encoder = ExportEncoder(network, new(), encoderPath);
        var decoder = ExportDecoder(network, new(), decoderPath);
        return new(encoderPath, decoderPath, Math.Max(encoder.MaxAbsDifference, decoder.MaxAbsDifference));
    }

    /// <summary>Writes the encoder in any form of a file, from Pixels to Embedding and Scale.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="options">The form and further metadata.</param>
    /// <param name="path">Replaced if there is one; its folder is made if there is none.</param>
    /// <exception cref="NotSupportedException">The form is one that only classifiers have.</exception>
    /// <exception cref="InvalidOperationException">File and network differ by more than the tolerance; no file is left.</exception>
    public static OnnxExportResult ExportEncoder(InformationVae network, OnnxExportOptions options, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        var sizes = network.Configuration;
        var comparison = new ExportComparison(
            TensorNames.Pixels,
            [sizes.Channels, sizes.ImageSize, sizes.ImageSize],
            [EmbeddingName, ScaleName],
            pixels => Posterior(network, pixels.to(DeviceOf(network))),
            NetworkGraph.DrawPixel
        );
        return Write(
            form => Encoder(network, form),
            options,
            path,
            comparison,
            Count(network, "encoder1", "encoder2", "location", "scale")
        );
    }

    /// <summary>Writes the decoder in any form of a file, from Embedding to Pixels.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="options">The form and further metadata.</param>
    /// <param name="path">Replaced if there is one; its folder is made if there is none.</param>
    /// <exception cref="NotSupportedException">The form is one of networks that take pixels.</exception>
    /// <exception cref="InvalidOperationException">File and network differ by more than the tolerance; no file is left.</exception>
    public static OnnxExportResult ExportDecoder(InformationVae network, OnnxExportOptions options, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        if (options.PixelInput != PixelInput.FloatPlanar || options.InputNoiseScope != NoiseScope.Training)
            throw new NotSupportedException("A decoder takes codes, not pixels: neither bytes nor noise can be put before it.");
        var comparison = new ExportComparison(
            EmbeddingName,
            [network.Configuration.LatentDimension],
            [TensorNames.Pixels],
            codes => [network.Decode(codes.to(DeviceOf(network)))],
            (random, _) => random.NextSingle()
        );
        return Write(form => Decoder(network, form), options, path, comparison, Count(network, "decoder1", "decoder2", "pixels"));
    }

    static OnnxExportResult Write(
        Func<OnnxExportOptions, ModelProto> build,
        OnnxExportOptions options,
        string path,
        ExportComparison comparison,
        long parameterCount
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (options.Labels.Count > 0 || options.AnyImageSize)
            throw new NotSupportedException(
                "An autoencoder has no classes and takes images of one size alone; leave out labels and open image sizes."
            );
        OnnxExporter.RequireForm(options);
        return new(path, options.Opset, ComparedFile.Write(build, options, path, comparison), parameterCount);
    }

    /// <summary>The trained values of some of the network's layers.</summary>
    static long Count(InformationVae network, params ReadOnlySpan<string> layers)
    {
        var count = 0L;
        foreach (var (name, parameter) in network.named_parameters())
            if (layers.Contains(name.Split('.')[0]))
                count += parameter.numel();
        return count;
    }

    internal static ModelProto Encoder(InformationVae network, OnnxExportOptions options)
    {
        var (sizes, weights) = (network.Configuration, new NetworkWeights(network.state_dict()));
        var graph = new GraphBuilder("InformationVaeEncoder");
        var pixels = graph.Input(TensorNames.Pixels, DataType.Float, TensorNames.Batch, sizes.Channels, sizes.ImageSize, sizes.ImageSize);
        var rows = graph.Node("Mul", [graph.Node("Flatten", [pixels]), graph.Constant(1 / 255f)]);
        var hidden = Hidden(graph, Hidden(graph, rows, weights, "encoder1"), weights, "encoder2");
        var location = graph.Scope("location").Linear(hidden, weights["location.weight"], weights["location.bias"]);
        var scale = graph.Scope("scale").Linear(hidden, weights["scale.weight"], weights["scale.bias"]);
        if (sizes.Posterior == VaePosterior.InformationDropout)
        {
            location = graph.Node(
                "Max",
                [graph.Node("Softplus", [location]), graph.Constant((float)InformationDropoutNoise.SmallestActivation)]
            );
            scale = graph.Node(
                "Add",
                [
                    graph.Node("Mul", [graph.Node("Sigmoid", [scale]), graph.Constant((float)sizes.MaxAlpha)]),
                    graph.Constant((float)InformationDropoutNoise.SmallestAlpha),
                ]
            );
        }
        else
        {
            scale = graph.Node("Exp", [graph.Node("Mul", [scale, graph.Constant(0.5f)])]);
        }
        graph.Output(EmbeddingName, location, DataType.Float, TensorNames.Batch, sizes.LatentDimension);
        graph.Output(ScaleName, scale, DataType.Float, TensorNames.Batch, sizes.LatentDimension);
        return OnnxExporter.Document(
            graph.ToGraph(),
            $"The encoder of a variational autoencoder, raw pixels to codes of {sizes.LatentDimension} components, "
                + $"posterior {sizes.Posterior}.",
            options,
            ModelMetadata.Describe(options, sizes.Channels)
        );
    }

    static ModelProto Decoder(InformationVae network, OnnxExportOptions options)
    {
        var (sizes, weights) = (network.Configuration, new NetworkWeights(network.state_dict()));
        var graph = new GraphBuilder("InformationVaeDecoder");
        var codes = graph.Input(EmbeddingName, DataType.Float, TensorNames.Batch, sizes.LatentDimension);
        var hidden = Hidden(graph, Hidden(graph, codes, weights, "decoder1"), weights, "decoder2");
        var means = graph.Node("Sigmoid", [graph.Scope("pixels").Linear(hidden, weights["pixels.weight"], weights["pixels.bias"])]);
        var images = graph.Node("Reshape", [means, graph.Constant(-1L, sizes.Channels, sizes.ImageSize, sizes.ImageSize)]);
        graph.Output(TensorNames.Pixels, images, DataType.Float, TensorNames.Batch, sizes.Channels, sizes.ImageSize, sizes.ImageSize);
        return OnnxExporter.Document(
            graph.ToGraph(),
            $"The decoder of a variational autoencoder, codes of {sizes.LatentDimension} components to Bernoulli means of pixels.",
            options,
            ModelMetadata.Describe(options, channels: 0)
        );
    }

    static Tensor[] Posterior(InformationVae network, Tensor pixels)
    {
        var (location, scale) = network.Posterior(pixels);
        return [location, scale];
    }

    static GraphValue Hidden(GraphBuilder graph, GraphValue input, NetworkWeights weights, string name) =>
        graph.Scope(name).Node("Relu", [graph.Scope(name).Linear(input, weights[$"{name}.weight"], weights[$"{name}.bias"])]);

    static Device DeviceOf(InformationVae network) => network.parameters().First().device;
}
