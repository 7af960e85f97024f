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
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>export</c>: a trained network, or an untrained one of a known size, as an ONNX file.</summary>
static class ExportCommand
{
    static string[] Names => [.. NamedNetworks.All.Select(network => network.Name), .. NamedAutoencoder.All.Select(half => half.Name)];

    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string?>("SOURCE")
        {
            Description = "The folder of a run, or of one of its trainings, or a network.safetensors.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string>("--output", "--out")
        {
            Description = "The ONNX file to write.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "model.onnx",
        };
        var name = new Option<string?>("--network")
        {
            Description =
                "Which network of a run: noisy or vanilla. Default: noisy, if there is one. With --random-weights, a name that 'noisynn networks' lists.",
            HelpName = "NAME",
        };
        var random = new Option<bool>("--random-weights")
        {
            Description = "Export an untrained network with random weights; SOURCE is left out.",
        };
        var seed = new Option<int>("--seed")
        {
            Description = "With --random-weights: the seed of the weights.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var bytes = new Option<bool>("--bytes") { Description = "Take pixels as bytes, [N, H, W, C], in place of floats, [N, C, H, W]." };
        var anySize = new Option<bool>("--any-image-size")
        {
            Description = "Leave the height and width of images open; for convolutional networks.",
        };
        var noise = new Option<string?>("--noise")
        {
            Description =
                "Put noise on the pixels into the file, for every prediction, as in gaussian:standardDeviation=25. Default: none.",
            HelpName = "FAMILY:KEY=VALUE",
        };
        var half = new Option<bool>("--float16")
        {
            Description = "Store the weights in half precision: half the bytes, the same speed, scores within 0.01.",
        };
        var opset = new Option<int>("--opset")
        {
            Description = "The version of ONNX's operator set, 17 to 21.",
            HelpName = "N",
            DefaultValueFactory = _ => OnnxExporter.Opset,
        };
        var external = new Option<long?>("--external-data-above")
        {
            Description =
                "Put the weights into a file beside FILE, named by a hash of them, if they have more bytes than this. Default: what one file can hold, 2 GiB.",
            HelpName = "BYTES",
        };
        var json = CommonOptions.Json();
        var command = new Command(
            "export",
            """
            Writes a trained network as an ONNX file, with its normalisation, softmax and labels inside, and compares the file with the network
            before it gets its name. An interrupted run gives the best weights that it had so far.

            Example:  noisynn export runs/latest --network vanilla --output vanilla.onnx
                      noisynn export --network noisy-resnet-18 --random-weights --seed 1 --output random.onnx
            """
        )
        {
            source,
            output,
            name,
            random,
            seed,
            bytes,
            anySize,
            noise,
            half,
            opset,
            external,
            json,
        };
        command.Validators.Add(result =>
        {
            var (from, isRandom) = (result.GetValue(source), result.GetValue(random));
            if (from is null && !isRandom)
                result.AddError("give a SOURCE, or --network NAME with --random-weights.");
            else if (from is not null && isRandom)
                result.AddError("--random-weights makes a network of its own; leave out the SOURCE.");
            else if (isRandom && !Names.Contains(result.GetValue(name) ?? ""))
                result.AddError(
                    $"--network takes a name that 'noisynn networks' lists; {Spelling.Suggest(result.GetValue(name) ?? "", Names)}"
                );
            else if (!isRandom && result.GetValue(name) is not (null or ExperimentRunner.Noisy or ExperimentRunner.Vanilla))
                result.AddError(
                    $"--network takes {ExperimentRunner.Noisy} or {ExperimentRunner.Vanilla}, or a name that 'noisynn networks' lists with --random-weights."
                );
        });
        command.SetAction(parsed =>
        {
            var place = OutputFile.Require(parsed.GetValue(output)!);
            var trained = parsed.GetValue(random) ? null : Find(parsed.GetValue(source)!, parsed.GetValue(name));
            if (trained is not null)
                OutputFile.RefuseInput(place, trained);
            var options = new OnnxExportOptions
            {
                PixelInput = parsed.GetValue(bytes) ? PixelInput.ByteInterleaved : PixelInput.FloatPlanar,
                AnyImageSize = parsed.GetValue(anySize),
                WeightPrecision = parsed.GetValue(half) ? WeightPrecision.Float16 : WeightPrecision.Float32,
                Opset = parsed.GetValue(opset),
            };
            if (parsed.GetValue(noise) is { } drawn)
                options = options with
                {
                    InputNoise = NoiseArgument.Parse(drawn, MixAxis.SpatialRows),
                    InputNoiseScope = NoiseScope.Always,
                };
            if (parsed.GetValue(external) is { } limit)
                options = options with { ExternalDataAbove = limit };
            var result = trained is null
                ? ExportRandom(parsed.GetValue(name)!, parsed.GetValue(seed), options, parsed.GetValue(output)!)
                : ExportTrained(trained, options, parsed.GetValue(output)!);
            var lines = place.IsStandardOutput ? terminal.Error : terminal.Output;
            if (parsed.GetValue(json))
                Json.Write(lines, result);
            else
                lines.WriteLine(
                    FormattableString.Invariant(
                        $"{result.Path}: {result.ParameterCount:N0} parameters, opset {result.Opset}, largest difference to the network {result.MaxAbsDifference:0.0e0}"
                    )
                );
            return 0;
        });
        return command;
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
        IEnumerable<string> folders = run is null
            ? [source, Path.Combine(source, ExperimentRunner.Noisy), Path.Combine(source, ExperimentRunner.Vanilla)]
            : [Path.Combine(source, run)];
        return folders.Select(folder => Path.Combine(folder, NetworkFile.FileName)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"{source} holds no trained network{(run is null ? "" : $" '{run}'")} ({NetworkFile.FileName}). Give the folder of a run that ended at least one epoch.",
                source
            );
    }
}
