using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Evaluation;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Cli.Reports;

/// <summary>The evaluation of a model on labelled rows. Shares are 0 to 1; the confusion matrix has a row for each true class.</summary>
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
)
{
    /// <summary>Scores the rows and computes the figures.</summary>
    public static ModelEvaluation Of(MLContext ml, ModelFile classifier, DataSource source)
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

    public void Print(Terminal terminal)
    {
        var output = terminal.Output;
        output.WriteLine(
            FormattableString.Invariant($"accuracy {Accuracy:0.0000} (95 % interval {Low:0.0000} to {High:0.0000}) on {Rows:N0} ")
                + FormattableString.Invariant($"{Split} rows of {Data}; log-loss {LogLoss:0.0000} nats")
        );
        if (Skipped > 0)
            output.WriteLine($"{Skipped} unreadable files were skipped");
        output.WriteLine();
        terminal.Table(
            ["class", "rows", "recall", "precision"],
            Classes.Select(label =>
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
        output.WriteLine("confusion matrix (row: true class, column: predicted class):");
        terminal.Table(
            ["class", .. Classes.Select((_, i) => $"{i}")],
            Confusion.Select((row, i) => (string[])[$"{i} {Classes[i].Label}", .. row.Select(cell => cell == 0 ? "." : $"{cell}")])
        );
    }
}

/// <summary>The figures of one class.</summary>
sealed record ClassEvaluation(string Label, long Rows, double Recall, double Precision);
