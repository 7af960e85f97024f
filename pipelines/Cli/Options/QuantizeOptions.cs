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
    readonly Argument<string?> _model = new("MODEL")
    {
        Description = $"{CommonOptions.ModelDescription} Required.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    // The older way to name the model.
    readonly Option<string?> _modelOption = new("--model") { Hidden = true };
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
            + "Default: the data of the run, if MODEL is one."
    );
    readonly Option<bool> _json = CommonOptions.Json();

    public void AddTo(Command command)
    {
        command.Add(_model);
        foreach (var option in (Option[])[_modelOption, _output, _calibration])
            command.Add(option);
        _images.AddTo(command);
        command.Add(_json);
    }

    /// <exception cref="UsageException">The command line names no model or two, or rows to compare on without data.</exception>
    public QuantizeSettings Read(ParseResult parsed)
    {
        var (model, option) = (parsed.GetValue(_model), parsed.GetValue(_modelOption));
        if (model is null == option is null)
            throw new UsageException("give one MODEL: an ONNX file, or the folder of a run.");
        var request = _images.Read(parsed, model ?? option!);
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
