using static NoisyNN.Pipelines.Reports.Cards.Markdown;
using static NoisyNN.Pipelines.Reports.Templates.ReportFigures;

namespace NoisyNN.Pipelines.Reports.Cards;

/// <summary>
/// The card beside an exported model, <c>model-card.md</c>: what the model is, its figures and limits, and how to score with it (Mitchell et
/// al., Model Cards for Model Reporting, FAT* 2019). All of it comes from the summary of the run.
/// </summary>
public static class ModelCard
{
    /// <summary>The card's name in the folder of the model.</summary>
    public const string FileName = "model-card.md";

    /// <summary>Writes the card of the model that a run has exported: its last network.</summary>
    /// <exception cref="ArgumentException">The run has exported none.</exception>
    public static string Render(Summary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        if (summary.Onnx is not { } file)
            throw new ArgumentException("The run has exported no model.", nameof(summary));
        var network = summary.Runs[^1];
        string[] sections =
        [
            .. FrontMatter.Lines(summary, network),
            "",
            $"# {Text(summary.Name)}",
            "",
            Opening(summary, network, file),
            "",
            "## Figures",
            "",
            Figures(summary),
            "",
            "## Does a prediction depend on the batch?",
            "",
            Batches(summary),
            "",
            "## Data",
            "",
            Data(summary.Dataset),
            "",
            "## Limits",
            "",
            .. Limits(summary, network).Select(limit => $"- {limit}"),
            "",
            "## How to score",
            "",
            Scoring(summary.Dataset, file),
            "",
            "## How it was made",
            "",
            Origin(summary),
        ];
        return string.Join('\n', sections) + "\n";
    }

    static string Opening(Summary summary, RunSummary network, OnnxSummary file)
    {
        var classes = summary.Dataset.Classes is { } counts ? $" into {counts.Count:N0} classes" : "";
        var claim = summary.Claim is { } text ? $"\n\nThe run tested this claim, which is no result: {Text(text)}" : "";
        return $"`{file.Path}` classifies images{classes}. It holds the *{Text(network.Name)}* network with "
            + $"{network.Parameters:N0} parameters. Noise in its training: {Text(network.Noise)}. Predictions are without noise.{claim}";
    }

    static string Figures(Summary summary)
    {
        var table = Table(
            ["network", "noise in training", "test accuracy", "95 % interval"],
            summary.Runs.Select(run =>
                (string[])
                    [
                        Text(run.Name),
                        Text(run.Noise),
                        run.BatchInvariant ? Percent(run.TestAccuracy ?? double.NaN) : "depends on the batch",
                        run is { BatchInvariant: true, TestAccuracyLow: { } low, TestAccuracyHigh: { } high }
                            ? $"{Percent(low)} to {Percent(high)}"
                            : "",
                    ]
            )
        );
        var difference = summary.Difference is { } paired
            ? $"\n\n{Text(paired.Between)}: {Points(paired.Value)} percentage points on the same test rows (95 % interval "
                + $"{Points(paired.Low)} to {Points(paired.High)}), for these two networks alone."
            : "";
        return $"{table}\n\nNoise off, on {summary.Dataset.Test:N0} test rows that chose nothing.{difference}{Calibration(summary)}";
    }

    static string Calibration(Summary summary) =>
        summary.Runs[^1].Classification is not { Calibration: { } calibration } figures
            ? ""
            : $"\n\nExpected calibration error {Percent(calibration.ExpectedError)}, log-loss {Number(calibration.LogLoss)} nats"
                + (
                    figures.Scaled is { } scaled
                        ? $"; at the temperature {Number(scaled.Temperature)}, which validation rows chose, "
                            + $"{Percent(scaled.ExpectedError)} and {Number(scaled.LogLoss)} nats. The file "
                            + (summary.Onnx?.Temperature is null ? "does not divide its logits by it." : "divides its logits by it.")
                        : "."
                );

    static string Batches(Summary summary)
    {
        var invariance = summary.BatchInvariance is { } change
            ? $"With noise off, the largest change of a logit was {Scientific(change)} when the other rows of a batch changed."
            : "It was not tried.";
        return summary.Verdict is { } verdict && summary.Protocol.Count > 0
            ? $"{invariance}\n\nThe same test with noise at inference, which the file does not have: {Text(verdict)}"
            : invariance;
    }

    static string Data(DataSetSummary data)
    {
        var shape = data.Shape is [var channels, var height, var width]
            ? $" Images are resized to {height} × {width} pixels with {channels} channel{(channels == 1 ? "" : "s")}."
            : "";
        var notes = string.Concat(data.Notes.Select(note => $"\n\n{Text(note)}"));
        var classes = data.Classes is not { } counts
            ? ""
            : "\n\n"
                + Table(
                    ["class", "training", "validation", "test"],
                    counts.Select(count => (string[])[Text(count.Label), $"{count.Train:N0}", $"{count.Validation:N0}", $"{count.Test:N0}"])
                );
        return $"{Text(data.Name)}: {data.Train:N0} training, {data.Validation:N0} validation and {data.Test:N0} test rows, SHA-256 "
            + $"`{data.Sha256}`.{shape}{notes}{classes}";
    }

    static IEnumerable<string> Limits(Summary summary, RunSummary network)
    {
        yield return "The intervals are for more rows of the same source. Images of another camera, place or time may do worse.";
        yield return $"One training with the seed {summary.Seed}: another seed gives another network.";
        yield return "The model answers every image with one of its classes, also an image of something else.";
        if (!network.BatchInvariant)
            yield return "A prediction depends on the other rows of its batch. Do not use the model for single images.";
        const long fewRows = 30;
        if (
            network.Classification?.Classes.Where(figures => figures.Rows < fewRows).Select(figures => figures.Label).ToList() is
            { Count: > 0 } few
        )
            yield return $"Fewer than {fewRows} test rows: {string.Join(", ", few.Select(Text))}. The figures of these classes are rough.";
    }

    static string Scoring(DataSetSummary data, OnnxSummary file)
    {
        var command = Code($"noisynn score {file.Path} photos/ --output scores.csv");
        var code = data.Shape is not [var channels, var height, var width]
            ? ""
            : "\n\nIn ML.NET, with the packages `NoisyNN.Transforms` and `Microsoft.ML.OnnxRuntime`:\n\n"
                + Code(
                    $"""
                    var pipeline = ml.Images.Load("Pixels", "Path", {height}, {width}, {channels})
                        .Append(ml.Scoring.OnnxBatch("Score", "Pixels", "{file.Path}"));
                    var scores = pipeline.Fit(rows).Transform(rows);
                    """
                );
        return $"{command}{code}\n\nThe file takes raw pixels from 0 to 255. Normalisation, softmax and the names of the classes are inside.";
    }

    static string Origin(Summary summary)
    {
        var engines = summary.Engines;
        return $"{Code(summary.Command)}\n\nSeed {summary.Seed}. ML.NET {engines.Mlnet}, TorchSharp {engines.Torch}, ONNX Runtime "
            + $"{engines.Onnxruntime}, {engines.Device}, {engines.Threads} thread{(engines.Threads == 1 ? "" : "s")}. Finished "
            + FormattableString.Invariant($"{summary.Finished.UtcDateTime:yyyy-MM-dd HH:mm} UTC.");
    }
}
