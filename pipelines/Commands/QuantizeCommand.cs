using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Transforms.Quantization;

namespace NoisyNN.Pipelines.Commands;

/// <summary><c>quantize</c>: an exported model in eight bits, and what that costs in accuracy.</summary>
static class QuantizeCommand
{
    const int CalibrationRows = 256;

    public static Command Create(Terminal terminal)
    {
        var model = new Option<string>("--model") { Description = "The ONNX file, or the folder of a run.", HelpName = "FILE|DIR", Required = true };
        var output = new Option<string>("--output", "--out") { Description = "The ONNX file to write.", HelpName = "FILE", Required = true };
        var calibration = new Option<string?>("--calibration")
        {
            Description = "Data that tell the range of the activations once and for all (their training rows). Default: every run finds it, which is more exact and a little slower.",
            HelpName = "NAME|DIR",
        };
        var data = CommonOptions.Data("Labelled images to compare both models on.");
        var split = CommonOptions.Split();
        var seed = CommonOptions.Seed();
        var json = CommonOptions.Json();
        var command = new Command("quantize", """
            Makes a smaller model, whose products with trained matrices run on eight-bit whole numbers; on processors with instructions for it (VNNI)
            also a faster one. With --data it says what that costs in accuracy, and what it gains in rows a second.

            Example:  noisynn quantize --model runs/latest --out small.onnx --data fashion-mnist
            """) { model, output, calibration, data, split, seed, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(output)!;
            OutputFile.Require(path);
            var ml = new MLContext(seed: 1);
            var source = ModelFile.PathOf(parsed.GetValue(model)!);
            var result = parsed.GetValue(calibration) is { } rows ? Calibrated(ml, terminal, source, path, rows) : Quantizer.Dynamic(source, path);
            ModelFigures? before = null, after = null;
            if (parsed.GetValue(data) is { } labelled)
            {
                var request = new DataRequest(parsed.GetValue(model)!, labelled, parsed.GetValue(split), parsed.GetValue(seed), SkipUnreadable: false);
                (before, after) = (Judge(ml, terminal, source, request), Judge(ml, terminal, path, request));
            }

            if (parsed.GetValue(json))
                Json.Write(terminal.Output, new { result.Path, result.ProductCount, result.CalibrationRowCount, result.SourceBytes, result.Bytes, Before = before, After = after });
            else
                Print(terminal, result, before, after);
            return 0;
        });
        return command;
    }

    static QuantizationResult Calibrated(MLContext ml, Terminal terminal, string source, string path, string data)
    {
        using var classifier = ModelFile.Open(ml, source, batchSize: null);
        // A folder without splits of its own tells nobody which rows were trained on; for ranges that does not matter.
        var split = Directory.Exists(data) && !File.Exists(Path.Combine(data, DataManifest.FileName)) ? DataSource.All : DataSource.Train;
        var rows = DataSource.Load(ml, new(source, data, split, Seed: split == DataSource.All ? null : 1, SkipUnreadable: false), classifier.Shape, terminal.Cancellation).Rows;
        var pixels = new List<float>();
        var count = 0;
        var column = rows.Schema["Pixels"];
        using var cursor = rows.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        for (var row = default(VBuffer<float>); count < CalibrationRows && cursor.MoveNext(); count++)
        {
            getter(ref row);
            pixels.AddRange(row.DenseValues());
        }
        return Quantizer.Static(source, path, pixels.ToArray(), count);
    }

    static ModelFigures Judge(MLContext ml, Terminal terminal, string path, DataRequest request)
    {
        using var classifier = ModelFile.Open(ml, path, batchSize: null);
        var source = DataSource.Load(ml, request, classifier.Shape, terminal.Cancellation);
        var clock = Stopwatch.StartNew();
        var metrics = ml.MulticlassClassification.Evaluate(classifier.Score(LabelKeys.Map(ml, classifier.Labels).Fit(source.Rows).Transform(source.Rows)));
        return new(metrics.MicroAccuracy, metrics.LogLoss, source.Count, source.Count / clock.Elapsed.TotalSeconds);
    }

    static void Print(Terminal terminal, QuantizationResult result, ModelFigures? before, ModelFigures? after)
    {
        terminal.Output.WriteLine(FormattableString.Invariant(
            $"{result.Path}: {result.ProductCount} products in eight bits, {result.Bytes:N0} bytes in place of {result.SourceBytes:N0}"));
        if (before is null || after is null)
            return;
        terminal.Table(["model", "accuracy", "log-loss", "rows/s"],
        [
            ["float32", .. before.Cells],
            ["int8", .. after.Cells],
        ]);
    }
}

/// <summary>How a model does on labelled rows.</summary>
sealed record ModelFigures(double Accuracy, double LogLoss, long Rows, double RowsPerSecond)
{
    internal string[] Cells =>
        [FormattableString.Invariant($"{Accuracy:0.0000}"), FormattableString.Invariant($"{LogLoss:0.0000}"), FormattableString.Invariant($"{RowsPerSecond:0}")];
}
