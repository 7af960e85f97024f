using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Weights;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Export;

/// <summary>A network by its name, with random weights, that writes its file and computes what the file's outputs should be.</summary>
sealed class ExportedNetwork : IDisposable
{
    readonly nn.Module _network;
    readonly Func<OnnxExportOptions, string, OnnxExportResult> _export;
    readonly Func<Tensor, Tensor[]> _compute;

    ExportedNetwork(
        nn.Module network,
        Func<OnnxExportOptions, string, OnnxExportResult> export,
        Func<Tensor, Tensor[]> compute,
        IReadOnlyList<int> inputShape,
        string[] outputs
    ) => (_network, _export, _compute, InputShape, Outputs) = (network, export, compute, inputShape, outputs);

    /// <summary>Every name that <c>noisynn networks</c> lists.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [.. NamedNetworks.All.Select(network => network.Name), .. NamedAutoencoder.All.Select(half => half.Name)];

    public IReadOnlyList<int> InputShape { get; }

    /// <summary>Values in one row.</summary>
    public int RowLength => InputShape.Aggregate((product, size) => product * size);

    /// <summary>Those of the file that have a counterpart in the network, the predictions first.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>What <c>noisynn export --network NAME --random-weights --seed 1</c> exports.</summary>
    public static ExportedNetwork Create(string name) =>
        NamedNetworks.Find(name) is { } named
            ? OfClassifier(RandomWeights.Create(named.Configuration, seed: 1))
            : OfAutoencoder(NamedAutoencoder.Find(name)!);

    /// <summary>A random value of its input: of a pixel where it takes images, else from 0 to 1.</summary>
    public float Draw(Random random) => InputShape.Count == 3 ? random.Next(256) : random.NextSingle();

    public void Export(OnnxExportOptions options, string path) => _export(options, path);

    /// <summary>The values of <see cref="Outputs"/> for a batch of rows.</summary>
    public float[][] Compute(float[] rows, int count)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        long[] shape = [count, .. InputShape.Select(size => (long)size)];
        return [.. _compute(tensor(rows).reshape(shape)).Select(output => output.contiguous().data<float>().ToArray())];
    }

    public void Dispose() => _network.Dispose();

    static ExportedNetwork OfClassifier(Classifier network) =>
        new(
            network,
            (options, path) => OnnxExporter.Export(network, options, path),
            rows =>
            {
                var logits = network.call(rows);
                return [logits.softmax(-1), logits];
            },
            network.InputShape,
            ["Score", "Logits"]
        );

    static ExportedNetwork OfAutoencoder(NamedAutoencoder half)
    {
        var network = RandomWeights.Create(() => new InformationVae(half.Configuration), seed: 1);
        return half.IsDecoder
            ? new(
                network,
                (options, path) => InformationVaeExporter.ExportDecoder(network, options, path),
                codes => [network.Decode(codes)],
                half.InputShape,
                ["Pixels"]
            )
            : new(
                network,
                (options, path) => InformationVaeExporter.ExportEncoder(network, options, path),
                pixels =>
                {
                    var (location, scale) = network.Posterior(pixels);
                    return [location, scale];
                },
                half.InputShape,
                ["Embedding", "Scale"]
            );
    }
}
