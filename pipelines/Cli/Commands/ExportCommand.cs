using System.CommandLine;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Weights;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Pipelines.Trust;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>export</c>: writes a trained network, or a named untrained one, as an ONNX file.</summary>
sealed class ExportCommand : Command
{
    readonly Terminal _terminal;
    readonly ExportOptions _options = new();

    public ExportCommand(Terminal terminal)
        : base(
            "export",
            """
            Writes a trained network as an ONNX file that contains its normalisation, softmax and labels. The command writes a temporary file,
            compares its scores with those of the network, and only then renames it to FILE. For an interrupted run, the best weights so far
            are exported.

            Example:  noisynn export runs/latest --network vanilla --output vanilla.onnx
                      noisynn export --network noisy-resnet-18 --random-weights --seed 1 --output random.onnx
            """
        )
    {
        _terminal = terminal;
        _options.AddTo(this);
        SetAction(parsed => Run(_options.Read(parsed)));
    }

    int Run(ExportSettings settings)
    {
        var place = OutputFile.Require(settings.Output);
        var trained = settings.Source is { } source ? TrainedNetworkFile.Find(source, settings.Network) : null;
        if (trained is not null)
            OutputFile.RefuseInput(place, trained);
        var result = trained is null
            ? ExportRandom(settings.Network!, settings.Seed, settings.Export, settings.Output)
            : ExportTrained(
                trained,
                settings.TakesTemperature ? settings.Export with { Temperature = FittedTemperature.Of(trained) } : settings.Export,
                settings.Output
            );
        if (!place.IsStream)
            ExportedModels.Add(result.Path);
        var lines = place.IsStandardOutput ? _terminal.Error : _terminal.Output;
        if (settings.IsJson)
            Json.Write(lines, result);
        else
            lines.WriteLine(
                FormattableString.Invariant($"{result.Path}: {result.ParameterCount:N0} parameters, opset {result.Opset}, ")
                    + FormattableString.Invariant($"largest difference to the network {result.MaxAbsDifference:0.0e0}")
            );
        return 0;
    }

    static OnnxExportResult ExportTrained(string path, OnnxExportOptions options, string output)
    {
        using var file = NetworkFile.Read(path);
        return OnnxExporter.Export(file.Network, options with { Labels = file.Labels }, output);
    }

    static OnnxExportResult ExportRandom(string name, int seed, OnnxExportOptions options, string output)
    {
        options = options with
        {
            Metadata = new Dictionary<string, string> { ["noisy.weights"] = FormattableString.Invariant($"random, seed {seed}") },
        };
        if (NamedNetworks.Find(name) is { } named)
        {
            using var network = RandomWeights.Create(named.Configuration, seed);
            return OnnxExporter.Export(network, options, output);
        }
        var half = NamedAutoencoder.Find(name)!;
        using var autoencoder = RandomWeights.Create(() => new InformationVae(half.Configuration), seed);
        return half.IsDecoder
            ? InformationVaeExporter.ExportDecoder(autoencoder, options, output)
            : InformationVaeExporter.ExportEncoder(autoencoder, options, output);
    }
}
