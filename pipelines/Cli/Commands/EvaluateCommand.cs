using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Evaluation;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Scoring;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>evaluate</c>: how well does a model do on labelled images?</summary>
static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "An ONNX file, or the folder of a run." };
        var data = CommonOptions.Data(
            "Labelled images: a folder with one subfolder per class, or a name of data-manifests/. Default: the data of the run."
        );
        var split = CommonOptions.Split();
        var seed = CommonOptions.Seed();
        var gpu = CommonOptions.Gpu();
        var batchSize = CommonOptions.BatchSize();
        var imageSize = CommonOptions.ImageSize();
        var skip = CommonOptions.SkipUnreadable();
        var json = CommonOptions.Json();
        var command = new Command(
            "evaluate",
            """
            Scores labelled images with an ONNX model and prints the accuracy with its 95 % interval, the figures of each class, and which
            class is taken for which. Noise plays no part, unless it was exported as a part of the model.

            Example:  noisynn evaluate runs/latest
            """
        )
        {
            model,
            data,
            split,
            seed,
            imageSize,
            batchSize,
            skip,
            gpu,
            json,
        };
        command.SetAction(parsed =>
        {
            var ml = GpuChoice.ContextForScoring(parsed.GetValue(gpu));
            var request = new DataRequest(
                parsed.GetValue(model)!,
                parsed.GetValue(data),
                parsed.GetValue(split),
                parsed.GetValue(seed),
                parsed.GetValue(skip)
            );
            using var classifier = ModelFile.Open(
                ml,
                request.Model,
                parsed.GetValue(batchSize),
                terminal.Cancellation,
                ImageSize.Parse(parsed.GetValue(imageSize))
            );
            var evaluation = Evaluate(ml, classifier, DataSource.Load(ml, request, classifier.Shape, terminal.Cancellation));
            if (parsed.GetValue(json))
                Json.Write(terminal.Output, evaluation);
            else
                Print(terminal, evaluation);
            return 0;
        });
        return command;
    }

    static ModelEvaluation Evaluate(MLContext ml, ModelFile classifier, DataSource source)
    {
        var (images, split, rows, count) = source;
        classifier.RequireClasses(source);
        var metrics = ml.MulticlassClassification.Evaluate(
            classifier.Score(LabelKeys.Map(ml, classifier.Labels).Fit(rows).Transform(rows))
        );
        var confusion = metrics.ConfusionMatrix;
        var counts = confusion.Counts;
        var correct = (int)Math.Round(Enumerable.Range(0, counts.Count).Sum(label => counts[label][label]));
        var interval = Interval.OfShare(correct, (int)count);
        return new ModelEvaluation(
            classifier.Path,
            images.Name,
            split,
            count,
            images.SkippedCount,
            metrics.MicroAccuracy,
            interval.Low,
            interval.High,
            metrics.LogLoss,
            [
                .. classifier.Labels.Select(
                    (label, i) =>
                        new ClassEvaluation(label, (long)counts[i].Sum(), confusion.PerClassRecall[i], confusion.PerClassPrecision[i])
                ),
            ],
            [.. counts.Select(row => (long[])[.. row.Select(cell => (long)cell)])]
        );
    }

    static void Print(Terminal terminal, ModelEvaluation evaluation)
    {
        var output = terminal.Output;
        output.WriteLine(
            FormattableString.Invariant(
                $"accuracy {evaluation.Accuracy:0.0000} (95 % interval {evaluation.Low:0.0000} to {evaluation.High:0.0000}) on {evaluation.Rows:N0} {evaluation.Split} rows of {evaluation.Data}; log-loss {evaluation.LogLoss:0.0000} nats"
            )
        );
        if (evaluation.Skipped > 0)
            output.WriteLine($"{evaluation.Skipped} unreadable files were skipped");
        output.WriteLine();
        terminal.Table(
            ["class", "rows", "recall", "precision"],
            evaluation.Classes.Select(label =>
                (string[])
                    [
                        label.Label,
                        $"{label.Rows}",
                        FormattableString.Invariant($"{label.Recall:0.0000}"),
                        FormattableString.Invariant($"{label.Precision:0.0000}"),
                    ]
            )
        );
        output.WriteLine();
        output.WriteLine("confusion (row: what it is, column: what it was taken for):");
        terminal.Table(
            ["class", .. evaluation.Classes.Select((_, i) => $"{i}")],
            evaluation.Confusion.Select(
                (row, i) => (string[])[$"{i} {evaluation.Classes[i].Label}", .. row.Select(cell => cell == 0 ? "." : $"{cell}")]
            )
        );
    }
}

/// <summary>How a model does on labelled rows; shares are of 1, the confusion matrix has a row for each true class.</summary>
sealed record ModelEvaluation(
    string Model,
    string Data,
    string Split,
    long Rows,
    int Skipped,
    double Accuracy,
    double Low,
    double High,
    double LogLoss,
    IReadOnlyList<ClassEvaluation> Classes,
    IReadOnlyList<IReadOnlyList<long>> Confusion
);

/// <summary>The figures of one class.</summary>
sealed record ClassEvaluation(string Label, long Rows, double Recall, double Precision);
