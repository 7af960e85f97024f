using System.CommandLine;
using System.CommandLine.Parsing;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Onnx;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>The settings of <c>export</c>.</summary>
/// <param name="Source">The folder of a run or a network's file; null for random weights.</param>
/// <param name="Network">A network of the run, or the name of an untrained one; null for the noisy one of the run.</param>
/// <param name="Seed">The seed of random weights.</param>
/// <param name="Output">The file to write.</param>
/// <param name="Export">How to write it.</param>
/// <param name="TakesTemperature">Whether the logits are divided by the temperature that the run has fitted.</param>
/// <param name="IsJson">Whether the figures are printed as JSON.</param>
sealed record ExportSettings(
    string? Source,
    string? Network,
    int Seed,
    string Output,
    OnnxExportOptions Export,
    bool TakesTemperature,
    bool IsJson
);

/// <summary>The argument and the options of <c>export</c>.</summary>
sealed class ExportOptions
{
    static string[] Names => [.. NamedNetworks.All.Select(network => network.Name), .. NamedAutoencoder.All.Select(half => half.Name)];

    readonly Argument<string?> _source = new("SOURCE")
    {
        Description =
            "The folder of a run, the folder of one of its trainings, or a network.safetensors. Required without --random-weights.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    readonly Option<string> _output = new("--output", "--out")
    {
        Description = "The ONNX file to write.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "model.onnx",
    };
    readonly Option<string?> _name = new("--network")
    {
        Description =
            "The network of the run: noisy or vanilla. Default: noisy, if there is one. With --random-weights: a name that "
            + "'noisynn networks' lists.",
        HelpName = "NAME",
    };
    readonly Option<bool> _random = new("--random-weights")
    {
        Description = "Export an untrained network with random weights. Leave out SOURCE.",
    };
    readonly Option<int> _seed = new("--seed")
    {
        Description = "With --random-weights: the seed of the weights.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    readonly Option<bool> _bytes = new("--bytes") { Description = "Take pixels as bytes, [N, H, W, C], instead of floats, [N, C, H, W]." };
    readonly Option<bool> _anySize = new("--any-image-size")
    {
        Description = "Leave the height and width of images open. Only convolutional networks can do this.",
    };
    readonly Option<string?> _noise = new("--noise")
    {
        Description =
            "Add noise to the pixels of every prediction, such as gaussian:standardDeviation=25. The file contains it. Default: no noise.",
        HelpName = "FAMILY:KEY=VALUE",
    };
    readonly Option<bool> _temperature = new("--temperature")
    {
        Description =
            "Divide the logits by the temperature that the run has fitted on its validation rows, before the softmax. The probabilities are "
            + "then calibrated; the predicted classes stay the same.",
    };
    readonly Option<bool> _half = new("--float16")
    {
        Description =
            "Store the weights in half precision: half the size, the same speed. Probabilities differ by at most 0.01, "
            + "or the export fails.",
    };
    readonly Option<int> _opset = new("--opset")
    {
        Description = "The version of ONNX's operator set, 17 to 21.",
        HelpName = "N",
        DefaultValueFactory = _ => OnnxExporter.Opset,
    };
    readonly Option<long?> _external = new("--external-data-above")
    {
        Description =
            "Put weights of more than BYTES bytes into a second file beside FILE, named by its SHA-256. Default: 2 GiB, the "
            + "most that one file can hold.",
        HelpName = "BYTES",
    };
    readonly Option<bool> _json = CommonOptions.Json();

    public void AddTo(Command command)
    {
        command.Add(_source);
        foreach (
            var option in (Option[])
                [_output, _name, _random, _seed, _bytes, _anySize, _noise, _temperature, _half, _opset, _external, _json]
        )
            command.Add(option);
        command.Validators.Add(Require);
    }

    public ExportSettings Read(ParseResult parsed)
    {
        var export = new OnnxExportOptions
        {
            PixelInput = parsed.GetValue(_bytes) ? PixelInput.ByteInterleaved : PixelInput.FloatPlanar,
            AnyImageSize = parsed.GetValue(_anySize),
            WeightPrecision = parsed.GetValue(_half) ? WeightPrecision.Float16 : WeightPrecision.Float32,
            Opset = parsed.GetValue(_opset),
        };
        if (parsed.GetValue(_noise) is { } drawn)
            export = export with { InputNoise = NoiseArgument.Parse(drawn, MixAxis.SpatialRows), InputNoiseScope = NoiseScope.Always };
        if (parsed.GetValue(_external) is { } limit)
            export = export with { ExternalDataAbove = limit };
        return new(
            parsed.GetValue(_source),
            parsed.GetValue(_name),
            parsed.GetValue(_seed),
            parsed.GetValue(_output)!,
            export,
            parsed.GetValue(_temperature),
            parsed.GetValue(_json)
        );
    }

    void Require(CommandResult result)
    {
        var (from, name, isRandom) = (result.GetValue(_source), result.GetValue(_name), result.GetValue(_random));
        if (from is null && !isRandom)
            result.AddError("give a SOURCE, or --network NAME with --random-weights.");
        else if (from is not null && isRandom)
            result.AddError("--random-weights exports an untrained network; leave out the SOURCE.");
        else if (isRandom && result.GetValue(_temperature))
            result.AddError("--temperature is fitted by a run; leave it out with --random-weights.");
        else if (isRandom && !Names.Contains(name ?? ""))
            result.AddError($"--network takes a name that 'noisynn networks' lists; {Spelling.Suggest(name ?? "", Names)}");
        else if (!isRandom && name is not (null or ClassifierComparison.Noisy or ClassifierComparison.Vanilla))
            result.AddError(
                $"--network takes {ClassifierComparison.Noisy} or {ClassifierComparison.Vanilla}, or a name that 'noisynn networks' "
                    + "lists with --random-weights."
            );
    }
}
