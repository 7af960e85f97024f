using System.CommandLine;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Weights;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Replicates;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>export</c>: a trained network, or an untrained one of a known size, as an ONNX file.</summary>
sealed class ExportCommand : Command
{
    readonly Terminal _terminal;
    readonly ExportOptions _options = new();

    public ExportCommand(Terminal terminal)
        : base(
            "export",
            """
            Writes a trained network as an ONNX file, with its normalisation, softmax and labels inside. The file is compared with the network before it
            gets its name. An interrupted run gives the best weights that it had so far.

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
        var trained = settings.Source is { } source ? Find(source, settings.Network) : null;
        if (trained is not null)
            OutputFile.RefuseInput(place, trained);
        var result = trained is null
            ? ExportRandom(settings.Network!, settings.Seed, settings.Export, settings.Output)
            : ExportTrained(trained, settings.Export, settings.Output);
        var lines = place.IsStandardOutput ? _terminal.Error : _terminal.Output;
        if (settings.IsJson)
            Json.Write(lines, result);
        else
            lines.WriteLine(
                FormattableString.Invariant(
                    $"{result.Path}: {result.ParameterCount:N0} parameters, opset {result.Opset}, largest difference to the network {result.MaxAbsDifference:0.0e0}"
                )
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

    static string Find(string source, string? run)
    {
        if (File.Exists(source))
            return source;

        source = Replicate.FolderOfOne(source);
        IEnumerable<string> trainings = run is not null ? [run] : ["", .. ClassifierComparison.Names, .. AutoencoderComparison.Names];
        return trainings
                .Select(training => Path.Combine(source, training))
                .Select(folder => Path.Combine(folder, NetworkFile.FileName))
                .FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"{source} holds no trained network{(run is null ? "" : $" '{run}'")} ({NetworkFile.FileName}). Give the folder of a run that ended at least one epoch.",
                source
            );
    }
}
