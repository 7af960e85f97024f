using System.CommandLine;
using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Files;
using NoisyNN.Transforms.Onnx.Quantization;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>quantize</c>: an exported model in eight bits, and what that costs in accuracy.</summary>
static class QuantizeCommand
{
    const int CalibrationLimit = 256;

    public static Command Create(Terminal terminal)
    {
        var model = new Option<string>("--model")
        {
            Description = "The ONNX file, or the folder of a run.",
            HelpName = "FILE|DIR",
            Required = true,
        };
        var output = new Option<string>("--output", "--out")
        {
            Description = "The ONNX file to write.",
            HelpName = "FILE",
            Required = true,
        };
        var calibration = new Option<string?>("--calibration")
        {
            Description =
                "Data whose training rows tell the range of the activations once and for all; those of --data, or of the run, if no name is given. Without the option every run finds it for its batch: a little slower, and a row's scores depend a little on the rows beside it.",
            HelpName = "NAME|DIR",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var data = CommonOptions.Data("Labelled images to compare both models on. Default: the data of the run, if --model is one.");
        var split = CommonOptions.Split();
        var seed = CommonOptions.Seed();
        var json = CommonOptions.Json();
        var command = new Command(
            "quantize",
            """
            Makes a smaller model, whose products with trained matrices run on eight-bit whole numbers; on processors with instructions for it (VNNI)
            also a faster one. With --data, or given the folder of a run, it says what that costs in accuracy, with the 95 % interval of the
            difference (paired, row by row), and what it gains in rows a second.

            Example:  noisynn quantize --model runs/latest --out small.onnx --calibration
                      noisynn quantize --model model.onnx --out small.onnx --data fashion-mnist
            """
        )
        {
            model,
            output,
            calibration,
            data,
            split,
            seed,
            json,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(output)!;
            var place = OutputFile.Require(path);
            var ml = new MLContext(seed: 1);
            var request = new DataRequest(
                parsed.GetValue(model)!,
                parsed.GetValue(data),
                parsed.GetValue(split),
                parsed.GetValue(seed),
                SkipUnreadable: false
            );
            var isCompared = request.Source is not null || DataSource.ExperimentOf(request.Model) is not null;
            if (!isCompared && (request.Split ?? (object?)request.Seed) is not null)
                throw new UsageException("--split and --seed go with --data; there is nothing to compare on.");
            var source = ModelFile.PathOf(request.Model);
            OutputFile.RefuseInput(place, source);
            if (place.IsStream && isCompared)
                throw new UsageException(
                    $"a model in {path} cannot be compared, since it cannot be read again; give a file, or leave out --data and name an ONNX file."
                );

            // What can fail for want of data fails before the file is written.
            var isCalibrated = parsed.GetResult(calibration) is not null;
            using var classifier =
                isCompared || isCalibrated ? ModelFile.Open(ml, request.Model, batchSize: null, terminal.Cancellation) : null;
            var rows = isCalibrated
                ? CalibrationRows.Read(ml, classifier!, request, parsed.GetValue(calibration), CalibrationLimit, terminal.Cancellation)
                : null;
            var (judging, absence) = isCompared ? JudgingRows(ml, request, classifier!, terminal.Cancellation) : default;

            var result = rows is null
                ? Quantizer.Dynamic(source, path)
                : Quantizer.Static(source, path, rows.Pixels, rows.Count, classifier!.InputShape);
            var comparison = judging is null ? null : ModelComparison.Of(ml, judging, source, path, terminal.Cancellation);
            if (parsed.GetValue(json))
                Json.Write(
                    place.IsStandardOutput ? terminal.Error : terminal.Output,
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
                    }
                );
            else
                Print(terminal, place.IsStandardOutput ? terminal.Error : terminal.Output, result, comparison, absence);
            return 0;
        });
        return command;
    }

    /// <summary>
    /// The rows to compare on, or why there are none: a run that nobody asked to compare on does not need its data any more.
    /// </summary>
    static (DataSource? Rows, string? Absence) JudgingRows(
        MLContext ml,
        DataRequest request,
        ModelFile classifier,
        CancellationToken cancellation
    )
    {
        try
        {
            var rows = DataSource.Load(ml, request, classifier.Shape, cancellation);
            classifier.RequireClasses(rows);
            return (rows, null);
        }
        catch (Exception absent)
            when (request is { Source: null, Split: null } && absent is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return (null, $"{OneLine.Of(absent).TrimEnd('.')}.");
        }
    }

    static void Print(Terminal terminal, TextWriter lines, QuantizationResult result, ModelComparison? comparison, string? absence)
    {
        lines.WriteLine(
            FormattableString.Invariant(
                $"{result.Path}: {result.ProductCount} products in eight bits, {result.Bytes:N0} bytes in place of {result.SourceBytes:N0}"
            )
        );
        if (absence is not null)
            lines.WriteLine($"not compared: {absence} Name data with --data.");
        if (comparison is null)
            return;
        terminal.Table(
            ["model", "accuracy", "log-loss", "rows/s", "bytes"],
            [
                ["float32", .. comparison.Before.Cells, FormattableString.Invariant($"{result.SourceBytes:N0}")],
                ["int8", .. comparison.After.Cells, FormattableString.Invariant($"{result.Bytes:N0}")],
            ]
        );
        terminal.Output.WriteLine(
            FormattableString.Invariant(
                $"int8 minus float32: {100 * comparison.Difference:+0.00;-0.00;0.00} points (95 % interval {100 * comparison.Low:+0.00;-0.00;0.00} to {100 * comparison.High:+0.00;-0.00;0.00}, paired) on {comparison.Before.Rows:N0} {comparison.Split} rows of {comparison.Data}"
            )
        );
    }
}
