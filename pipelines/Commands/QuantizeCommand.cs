using System.CommandLine;
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
            Description = "Data whose training rows tell the range of the activations once and for all; those of --data if no name is given. Without the option every run finds it, which is more exact and a little slower.",
            HelpName = "NAME|DIR",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var data = CommonOptions.Data("Labelled images to compare both models on. Default: the data of the run, if --model is one.");
        var split = CommonOptions.Split();
        var seed = CommonOptions.Seed();
        var json = CommonOptions.Json();
        var command = new Command("quantize", """
            Makes a smaller model, whose products with trained matrices run on eight-bit whole numbers; on processors with instructions for it (VNNI)
            also a faster one. With --data it says what that costs in accuracy, with the 95 % interval of the difference (paired, row by row), and
            what it gains in rows a second.

            Example:  noisynn quantize --model runs/latest --out small.onnx --calibration
                      noisynn quantize --model model.onnx --out small.onnx --data fashion-mnist
            """) { model, output, calibration, data, split, seed, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(output)!;
            OutputFile.Require(path);
            var ml = new MLContext(seed: 1);
            var request = new DataRequest(parsed.GetValue(model)!, parsed.GetValue(data), parsed.GetValue(split), parsed.GetValue(seed), SkipUnreadable: false);
            var isRun = File.Exists(Path.Combine(Replicate.FolderOfOne(request.Model), RunFolder.ExperimentFileName));
            if (request.Source is null && !isRun && (request.Split ?? (object?)request.Seed) is not null)
                throw new UsageException("--split and --seed go with --data; there is nothing to compare on.");
            var source = ModelFile.PathOf(request.Model);
            if (Path.GetFullPath(source) == Path.GetFullPath(path))
                throw new UsageException($"--output is the model itself ({path}), which would be lost; give another file.");

            var result = parsed.GetResult(calibration) is null ? Quantizer.Dynamic(source, path) : Calibrated(ml, terminal, request, parsed.GetValue(calibration), isRun, path);
            var comparison = request.Source is null && !isRun ? null : ModelComparison.Of(ml, request, source, path, terminal.Cancellation);
            if (parsed.GetValue(json))
                Json.Write(terminal.Output, new
                {
                    result.Path, result.ProductCount, result.CalibrationRowCount, result.SourceBytes, result.Bytes,
                    comparison?.Before, comparison?.After, comparison?.Difference, comparison?.Low, comparison?.High, comparison?.Split, comparison?.Data,
                });
            else
                Print(terminal, result, comparison);
            return 0;
        });
        return command;
    }

    static QuantizationResult Calibrated(MLContext ml, Terminal terminal, DataRequest request, string? named, bool isRun, string path)
    {
        var data = named ?? request.Source;
        if (data is null && !isRun)
            throw new UsageException("--calibration needs data: name some, or give --data.");
        using var classifier = ModelFile.Open(ml, request.Model, batchSize: null, terminal.Cancellation);
        var isFolder = data is not null && Directory.Exists(data) && !File.Exists(Path.Combine(data, DataManifest.FileName));
        // A folder without splits of its own tells nobody which rows were trained on; for ranges that does not matter.
        request = request with { Source = data, Split = isFolder && !isRun ? DataSource.All : DataSource.Train, Seed = isRun || isFolder ? null : request.Seed ?? 1 };
        var rows = DataSource.Load(ml, request, classifier.Shape, terminal.Cancellation).Rows;
        var pixels = new List<float>();
        var count = 0;
        var column = rows.Schema["Pixels"];
        using var cursor = rows.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        for (var row = default(VBuffer<float>); count < CalibrationRows && cursor.MoveNext(); count++)
        {
            getter(ref row);
            pixels.AddRange(classifier.AsInput(row.DenseValues().ToArray()));
        }
        return Quantizer.Static(classifier.Path, path, pixels.ToArray(), count, classifier.InputShape);
    }

    static void Print(Terminal terminal, QuantizationResult result, ModelComparison? comparison)
    {
        terminal.Output.WriteLine(FormattableString.Invariant(
            $"{result.Path}: {result.ProductCount} products in eight bits, {result.Bytes:N0} bytes in place of {result.SourceBytes:N0}"));
        if (comparison is null)
            return;
        terminal.Table(["model", "accuracy", "log-loss", "rows/s", "bytes"],
        [
            ["float32", .. comparison.Before.Cells, FormattableString.Invariant($"{result.SourceBytes:N0}")],
            ["int8", .. comparison.After.Cells, FormattableString.Invariant($"{result.Bytes:N0}")],
        ]);
        terminal.Output.WriteLine(FormattableString.Invariant(
            $"int8 minus float32: {100 * comparison.Difference:+0.00;-0.00;0.00} points (95 % interval {100 * comparison.Low:+0.00;-0.00;0.00} to {100 * comparison.High:+0.00;-0.00;0.00}, paired) on {comparison.Before.Rows:N0} {comparison.Split} rows of {comparison.Data}"));
    }
}
