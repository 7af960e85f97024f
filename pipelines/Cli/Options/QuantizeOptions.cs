using System.CommandLine;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>The settings of <c>quantize</c>.</summary>
/// <param name="Request">The model, and the rows to compare on.</param>
/// <param name="Output">The file to write.</param>
/// <param name="IsCalibrated">Whether training rows fix the range of the activations.</param>
/// <param name="Calibration">The data of these rows; null for those of the request or of the run.</param>
/// <param name="IsCompared">Whether both models are compared.</param>
/// <param name="IsJson">Whether the figures are printed as JSON.</param>
sealed record QuantizeSettings(DataRequest Request, string Output, bool IsCalibrated, string? Calibration, bool IsCompared, bool IsJson);

/// <summary>The options of <c>quantize</c>.</summary>
sealed class QuantizeOptions
{
    readonly Option<string> _model = new("--model")
    {
        Description = "The ONNX file, or the folder of a run.",
        HelpName = "FILE|DIR",
        Required = true,
    };
    readonly Option<string> _output = new("--output", "--out")
    {
        Description = "The ONNX file to write.",
        HelpName = "FILE",
        Required = true,
    };
    readonly Option<string?> _calibration = new("--calibration")
    {
        Description =
            "Data for calibration: its training rows fix the range of the activations. Without a name: the data of --data, or of the run. "
            + "Without this option, each batch finds its own range; this is slightly slower, and the rows of a batch affect each other's "
            + "scores slightly.",
        HelpName = "NAME|DIR",
        Arity = ArgumentArity.ZeroOrOne,
    };
    readonly LabelledImageOptions _images = new(
        "Labelled images to compare both models on: a folder with one subfolder per class, or a data set of data-manifests/ by name. "
            + "Default: the data of the run, if --model is one."
    );
    readonly Option<bool> _json = CommonOptions.Json();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_model, _output, _calibration])
            command.Add(option);
        _images.AddTo(command);
        command.Add(_json);
    }

    /// <exception cref="UsageException">The command line asks for rows to compare on, but names no data.</exception>
    public QuantizeSettings Read(ParseResult parsed)
    {
        var request = _images.Read(parsed, parsed.GetValue(_model)!);
        var isCompared = request.Source is not null || DataSource.ExperimentOf(request.Model) is not null;
        if (!isCompared && (request.Split ?? (object?)request.Seed) is not null)
            throw new UsageException("--split and --seed go with --data; there is nothing to compare on.");
        return new(
            request,
            parsed.GetValue(_output)!,
            parsed.GetResult(_calibration) is not null,
            parsed.GetValue(_calibration),
            isCompared,
            parsed.GetValue(_json)
        );
    }
}
