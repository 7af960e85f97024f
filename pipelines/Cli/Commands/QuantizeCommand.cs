using System.CommandLine;
using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports.Models;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Pipelines.Trust;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Onnx.Isolation;
using NoisyNN.Transforms.Onnx.Quantization;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>quantize</c>: converts an exported model to eight-bit arithmetic and measures the change of accuracy.</summary>
sealed class QuantizeCommand : Command
{
    const int CalibrationLimit = 256;

    readonly Terminal _terminal;
    readonly QuantizeOptions _options = new();

    public QuantizeCommand(Terminal terminal)
        : base(
            "quantize",
            """
            Writes a smaller model that multiplies trained matrices in eight-bit integers. On processors with instructions for this (VNNI),
            it is also faster. With --data, or for the folder of a run, the command compares both models. It prints the difference in
            accuracy with its paired 95 % interval, and the gain in rows per second. It scores with the CPU, and stops at an image that cannot
            be read.

            Example:  noisynn quantize runs/latest --output small.onnx --calibration
                      noisynn quantize model.onnx --output small.onnx --data fashion-mnist
            """
        )
    {
        _terminal = terminal;
        _options.AddTo(this);
        SetAction(Run);
    }

    void Run(ParseResult parsed)
    {
        var settings = _options.Read(parsed);
        var place = OutputFile.Require(settings.Output);
        var request = settings.Request;
        var source = ModelFile.PathOf(request.Model);
        OutputFile.RefuseInput(place, source);
        if (place.IsStream && settings.IsCompared)
            throw new UsageException(
                $"{settings.Output} cannot be read again to compare the models. Give a "
                    + "regular file, or leave out --data and name an ONNX file."
            );

        var isOwn = ExportedModels.Contains(source);
        // Data are loaded before the file is written, so that missing data leave no file behind.
        var ml = new MLContext(seed: 1);
        using var classifier =
            settings.IsCompared || settings.IsCalibrated
                ? ModelFile.Open(ml, request.Model, batchSize: null, request.IsTrusted, _terminal.Cancellation, pixels: request.Pixels)
                : null;
        var rows = settings.IsCalibrated
            ? CalibrationRows.Read(ml, classifier!, request, settings.Calibration, CalibrationLimit, _terminal.Cancellation)
            : null;
        var judging = settings.IsCompared ? JudgingRows.Load(ml, request, classifier!, _terminal.Cancellation) : JudgingRows.None;

        var result = Quantize(source, settings.Output, rows, classifier?.InputShape ?? [], isTrusted: isOwn || request.IsTrusted);
        if (isOwn && !place.IsStream)
            ExportedModels.Add(settings.Output);
        var comparison = judging.Source is { } images
            ? ModelComparison.Of(ml, images, source, settings.Output, request, _terminal.Cancellation)
            : null;
        var lines = place.IsStandardOutput ? _terminal.Error : _terminal.Output;
        if (settings.IsJson)
            Json.Write(lines, QuantizationFigures.Of(result, comparison, judging.Absence));
        else
            QuantizationText.Print(_terminal, lines, result, comparison, judging.Absence);
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
}
