using System.CommandLine;
using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Pipelines.Trust;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Onnx.Isolation;
using NoisyNN.Transforms.Onnx.Quantization;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>quantize</c>: an exported model in eight bits, and what that costs in accuracy.</summary>
sealed class QuantizeCommand : Command
{
    const int CalibrationLimit = 256;

    readonly Terminal _terminal;
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
            "Data whose training rows tell the range of the activations once and for all. Without a name: those of --data, or of the run. Without the option, each batch finds its own range: a little slower, and scores depend a little on the rows beside them.",
        HelpName = "NAME|DIR",
        Arity = ArgumentArity.ZeroOrOne,
    };
    readonly LabelledImageOptions _images = new(
        "Labelled images to compare both models on. Default: the data of the run, if --model is one."
    );
    readonly Option<bool> _json = CommonOptions.Json();

    public QuantizeCommand(Terminal terminal)
        : base(
            "quantize",
            """
            Makes a smaller model, whose products with trained matrices run on eight-bit whole numbers. On processors with instructions for it (VNNI),
            it is also faster. With --data, or given the folder of a run, it prints what that costs in accuracy, with the 95 % interval of the
            difference (paired, row by row), and what it gains in rows a second.

            Example:  noisynn quantize --model runs/latest --out small.onnx --calibration
                      noisynn quantize --model model.onnx --out small.onnx --data fashion-mnist
            """
        )
    {
        _terminal = terminal;
        foreach (var option in (Option[])[_model, _output, _calibration])
            Add(option);
        _images.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var path = parsed.GetValue(_output)!;
        var place = OutputFile.Require(path);
        var request = _images.Read(parsed, parsed.GetValue(_model)!);
        var isCompared = request.Source is not null || DataSource.ExperimentOf(request.Model) is not null;
        if (!isCompared && (request.Split ?? (object?)request.Seed) is not null)
            throw new UsageException("--split and --seed go with --data; there is nothing to compare on.");
        var source = ModelFile.PathOf(request.Model);
        OutputFile.RefuseInput(place, source);
        if (place.IsStream && isCompared)
            throw new UsageException(
                $"a model in {path} cannot be compared, since it cannot be read again; give a file, or leave out --data and name an ONNX file."
            );

        var isOwn = ExportedModels.Contains(source);
        // What can fail for want of data fails before the file is written.
        var ml = new MLContext(seed: 1);
        var isCalibrated = parsed.GetResult(_calibration) is not null;
        using var classifier =
            isCompared || isCalibrated
                ? ModelFile.Open(ml, request.Model, batchSize: null, request.IsTrusted, _terminal.Cancellation)
                : null;
        var rows = isCalibrated
            ? CalibrationRows.Read(ml, classifier!, request, parsed.GetValue(_calibration), CalibrationLimit, _terminal.Cancellation)
            : null;
        var (judging, absence) = isCompared ? JudgingRows(ml, request, classifier!) : default;

        var result = Quantize(source, path, rows, classifier?.InputShape ?? [], isTrusted: isOwn || request.IsTrusted);
        if (isOwn && !place.IsStream)
            ExportedModels.Add(path);
        var comparison = judging is null ? null : ModelComparison.Of(ml, judging, source, path, request.IsTrusted, _terminal.Cancellation);
        var lines = place.IsStandardOutput ? _terminal.Error : _terminal.Output;
        if (parsed.GetValue(_json))
            Json.Write(lines, Figures(result, comparison, absence));
        else
            QuantizationText.Print(_terminal, lines, result, comparison, absence);
        return 0;
    }

    QuantizationResult Quantize(string source, string path, CalibrationRows? rows, IReadOnlyList<int> rowShape, bool isTrusted) =>
        !isTrusted
            ? IsolatedQuantizer.Quantize(
                source,
                path,
                rows?.Pixels ?? [],
                rows?.Count ?? 0,
                rowShape,
                new ModelIsolation(),
                _terminal.Cancellation
            )
        : rows is null ? Quantizer.Dynamic(source, path)
        : Quantizer.Static(source, path, rows.Pixels, rows.Count, rowShape);

    /// <summary>
    /// The rows to compare on, or why there are none: a run that nobody asked to compare on does not need its data any more.
    /// </summary>
    (DataSource? Rows, string? Absence) JudgingRows(MLContext ml, DataRequest request, ModelFile classifier)
    {
        try
        {
            var rows = DataSource.Load(ml, request, classifier.Shape, _terminal.Cancellation);
            classifier.RequireClasses(rows);
            return (rows, null);
        }
        catch (Exception absent)
            when (request is { Source: null, Split: null } && absent is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return (null, $"{OneLine.Of(absent).TrimEnd('.')}.");
        }
    }

    static object Figures(QuantizationResult result, ModelComparison? comparison, string? absence) =>
        new
        {
            result.Path,
            result.ProductCount,
            result.CalibrationRowCount,
            result.SourceBytes,
            result.Bytes,
            comparison?.Before,
            comparison?.After,
            comparison?.Difference,
            comparison?.Low,
            comparison?.High,
            comparison?.Split,
            comparison?.Data,
            NotCompared = absence,
        };
}
