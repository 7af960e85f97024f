using System.CommandLine;
using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;

namespace NoisyNN.Pipelines.Cli.Commands.Entropy;

/// <summary><c>measure</c>: the entropy of rows of numbers, and their mutual information with labels.</summary>
sealed class MeasureCommand : Command
{
    readonly Terminal _terminal;
    readonly MeasuredFile _file = new();
    readonly EncodedImageOptions _images = new();
    readonly MeasureOptions _options = new();
    readonly Option<bool> _json = CommonOptions.Json();

    public MeasureCommand(Terminal terminal)
        : base(
            "measure",
            """
            Measures the diffusion spectral entropy (DSE) of rows of numbers, in bits, and prints every setting that decides the figure.
            With labels, it also measures the mutual information (DSMI). With --sigma, the figures match those of the reference
            implementation. Without it, the bandwidth is the median distance between rows.

            Example:  noisynn measure --input features.npy --labels labels.csv --sigma 1 --power 1
            """
        )
    {
        _terminal = terminal;
        _file.AddTo(this);
        _images.AddTo(this);
        _options.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var settings = _options.Read(parsed);
        var report = _file.IsNamed(parsed) ? OfFile(parsed, settings) : OfImages(parsed, settings);
        if (parsed.GetValue(_json))
            Json.Write(_terminal.Output, MeasuredFigures.Of(report));
        else
            MeasuredText.Print(_terminal, report);
        return 0;
    }

    EntropyReport OfFile(ParseResult parsed, EntropyOptions settings)
    {
        _images.Refuse(parsed);
        var (rows, classes) = _file.Read(parsed, settings.Clusters, _terminal.Note);
        try
        {
            return DiffusionEntropy.Measure(rows, classes, settings, _terminal.Cancellation);
        }
        catch (ArgumentException refused) when (refused.ParamName == "rows")
        {
            throw new InvalidDataException($"{_file.PathOf(parsed)}: {OneLine.Of(refused)}", refused);
        }
    }

    EntropyReport OfImages(ParseResult parsed, EntropyOptions settings)
    {
        if (!_images.AreNamed(parsed))
            throw new UsageException("say what to measure: --input with a .npy or .csv file, or --data with labelled images.");
        _file.Refuse(parsed);
        var ml = new MLContext(seed: settings.Seed);
        using var images = EncodedImages.Load(ml, _images.Read(parsed, seed: null), _terminal.Cancellation);
        if (images.Warning is { } warning)
            _terminal.Note(warning);
        return images.Encoder is { } encoder
            ? ml.Entropy.Measure(encoder.Transform(images.Rows), EncodedImages.Embedding, "Label", settings)
            : ml.Entropy.Measure(images.Rows, EncodedImages.Pixels, "Label", settings);
    }
}
