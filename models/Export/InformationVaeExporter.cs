using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Architectures;
using NoisyNN.Models.Layers;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Scoring;
using TorchSharp;
using static TorchSharp.torch;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Export;

/// <summary>Two written and checked ONNX files of an autoencoder.</summary>
/// <param name="EncoderPath">From Pixels [N, C, H, W] in 0..255 to Embedding, the codes without noise, and Scale, σ or α, both [N, D].</param>
/// <param name="DecoderPath">From Embedding [N, D] to Pixels [N, C, H, W], Bernoulli means in 0..1.</param>
/// <param name="MaxAbsDifference">The largest absolute difference between an output in ONNX Runtime and in the network, over batches of 1, 2 and 7 rows.</param>
public sealed record InformationVaeExportResult(string EncoderPath, string DecoderPath, double MaxAbsDifference);

/// <summary>Writes an <see cref="InformationVae"/> as two ONNX files.</summary>
public static class InformationVaeExporter
{
    internal const string EmbeddingName = "Embedding";
    internal const string ScaleName = "Scale";

    /// <summary>Writes encoder and decoder, each compared with the network in ONNX Runtime before it gets its name.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="encoderPath">Replaced if there is one; its folder is made if there is none.</param>
    /// <param name="decoderPath">The same for the decoder.</param>
    /// <exception cref="InvalidOperationException">File and network differ by more than <see cref="OnnxExporter.Tolerance"/>; that file is not left.</exception>
    public static InformationVaeExportResult Export(InformationVae network, string encoderPath, string decoderPath)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(encoderPath);
        ArgumentException.ThrowIfNullOrEmpty(decoderPath);
        var sizes = network.Configuration;
        var device = network.parameters().First().device;
        var random = new Random(17);
        var encoder = Write(Encoder(network), encoderPath, OnnxExporter.InputName, [sizes.Channels, sizes.ImageSize, sizes.ImageSize], [EmbeddingName, ScaleName],
            () => random.Next(256), input => Posterior(network, input.to(device)));
        var decoder = Write(Decoder(network), decoderPath, EmbeddingName, [sizes.LatentDimension], [OnnxExporter.InputName],
            () => random.NextSingle(), input => [network.Decode(input.to(device))]);
        return new(encoderPath, decoderPath, Math.Max(encoder, decoder));
    }

    internal static ModelProto Encoder(InformationVae network)
    {
        var (sizes, weights) = (network.Configuration, new NetworkWeights(network.state_dict()));
        var graph = new GraphBuilder("InformationVaeEncoder");
        var pixels = graph.Input(OnnxExporter.InputName, DataType.Float, OnnxExporter.BatchDimension, sizes.Channels, sizes.ImageSize, sizes.ImageSize);
        var rows = graph.Node("Mul", [graph.Node("Flatten", [pixels]), graph.Constant(1 / 255f)]);
        var hidden = Hidden(graph, Hidden(graph, rows, weights, "encoder1"), weights, "encoder2");
        var location = graph.Scope("location").Linear(hidden, weights["location.weight"], weights["location.bias"]);
        var scale = graph.Scope("scale").Linear(hidden, weights["scale.weight"], weights["scale.bias"]);
        if (sizes.Posterior == VaePosterior.InformationDropout)
        {
            location = graph.Node("Max", [graph.Node("Softplus", [location]), graph.Constant((float)InformationDropoutNoise.SmallestActivation)]);
            scale = graph.Node("Add", [graph.Node("Mul", [graph.Node("Sigmoid", [scale]), graph.Constant((float)sizes.MaxAlpha)]),
                graph.Constant((float)InformationDropoutNoise.SmallestAlpha)]);
        }
        else
        {
            scale = graph.Node("Exp", [graph.Node("Mul", [scale, graph.Constant(0.5f)])]);
        }
        graph.Output(EmbeddingName, location, DataType.Float, OnnxExporter.BatchDimension, sizes.LatentDimension);
        graph.Output(ScaleName, scale, DataType.Float, OnnxExporter.BatchDimension, sizes.LatentDimension);
        return Checked(OnnxExporter.Document(graph.ToGraph(), $"The encoder of a variational autoencoder, raw pixels to codes of {sizes.LatentDimension} components, posterior {sizes.Posterior}."));
    }

    static ModelProto Decoder(InformationVae network)
    {
        var (sizes, weights) = (network.Configuration, new NetworkWeights(network.state_dict()));
        var graph = new GraphBuilder("InformationVaeDecoder");
        var codes = graph.Input(EmbeddingName, DataType.Float, OnnxExporter.BatchDimension, sizes.LatentDimension);
        var hidden = Hidden(graph, Hidden(graph, codes, weights, "decoder1"), weights, "decoder2");
        var means = graph.Node("Sigmoid", [graph.Scope("pixels").Linear(hidden, weights["pixels.weight"], weights["pixels.bias"])]);
        var images = graph.Node("Reshape", [means, graph.Constant(-1L, sizes.Channels, sizes.ImageSize, sizes.ImageSize)]);
        graph.Output(OnnxExporter.InputName, images, DataType.Float, OnnxExporter.BatchDimension, sizes.Channels, sizes.ImageSize, sizes.ImageSize);
        return Checked(OnnxExporter.Document(graph.ToGraph(), $"The decoder of a variational autoencoder, codes of {sizes.LatentDimension} components to Bernoulli means of pixels."));
    }

    static Tensor[] Posterior(InformationVae network, Tensor pixels)
    {
        var (location, scale) = network.Posterior(pixels);
        return [location, scale];
    }

    static GraphValue Hidden(GraphBuilder graph, GraphValue input, NetworkWeights weights, string name) =>
        graph.Scope(name).Node("Relu", [graph.Scope(name).Linear(input, weights[$"{name}.weight"], weights[$"{name}.bias"])]);

    static ModelProto Checked(ModelProto model)
    {
        GraphCheck.ThrowIfBroken(model);
        return model;
    }

    static double Write(
        ModelProto model, string path, string inputName, int[] rowShape, string[] outputs, Func<float> draw, Func<Tensor, Tensor[]> expected)
    {
        var difference = double.NaN;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, model.WriteTo, check: written =>
        {
            difference = Difference(written, inputName, rowShape, outputs, draw, expected);
            if (!(difference <= OnnxExporter.Tolerance))
                throw new InvalidOperationException(
                    $"The ONNX file differs from the network by {difference:g3}, more than {OnnxExporter.Tolerance:g3}; '{path}' was not written. Weights that are not finite or very large do this.");
        });
        return difference;
    }

    static double Difference(string path, string inputName, int[] rowShape, string[] outputs, Func<float> draw, Func<Tensor, Tensor[]> expected)
    {
        using var options = new SessionOptions();
        using var model = OnnxModel.Load(path, options);
        using var gradients = no_grad();
        var largest = 0.0;
        foreach (var batch in (int[])[1, 2, 7])
        {
            using var scope = NewDisposeScope();
            long[] shape = [batch, .. rowShape.Select(size => (long)size)];
            var values = Enumerable.Range(0, (int)shape.Aggregate((product, size) => product * size)).Select(_ => draw()).ToArray();
            using var input = OrtValue.CreateTensorValueFromMemory(values, shape);
            using var run = new RunOptions();
            using var actual = model.Session.Run(run, [inputName], [input], outputs);
            foreach (var (tensor, output) in expected(torch.tensor(values).reshape(shape)).Zip(actual))
            {
                using var found = torch.tensor(output.GetTensorDataAsSpan<float>().ToArray()).reshape(tensor.shape);
                // Math.Max passes on what is not a number.
                largest = Math.Max(largest, (tensor.cpu() - found).abs().max().item<float>());
            }
        }
        return largest;
    }
}
