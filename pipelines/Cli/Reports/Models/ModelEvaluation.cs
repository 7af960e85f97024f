using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Pipelines.Evaluation.Classes;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Scoring;

namespace NoisyNN.Pipelines.Cli.Reports.Models;

/// <summary>The evaluation of a model on labelled rows. Shares are 0 to 1; the confusion matrix has a row for each true class.</summary>
sealed record ModelEvaluation(
    string Model,
    string ModelSha256,
    string Data,
    string DataSha256,
    string Split,
    long Rows,
    int Skipped,
    double Accuracy,
    double Low,
    double High,
    double? LogLoss,
    IReadOnlyList<ClassFigures> Classes,
    IReadOnlyList<IReadOnlyList<long>> Confusion
)
{
    /// <summary>All figures beyond the accuracy.</summary>
    public required Classification Figures { get; init; }

    /// <summary>What a model says about each row.</summary>
    /// <exception cref="InvalidDataException">The rows have a class that the model does not know.</exception>
    public static Predictions Predict(MLContext ml, ModelFile classifier, DataSource source)
    {
        classifier.RequireClasses(source);
        return Predictions.Read(
            classifier.Score(LabelKeys.Map(ml, classifier.Labels).Fit(source.Rows).Transform(source.Rows)),
            classifier.Labels
        );
    }

    /// <summary>The figures of predictions.</summary>
    public static ModelEvaluation Of(ModelFile classifier, DataSource source, Predictions predictions)
    {
        var (images, split, _, count) = source;
        var figures = Classification.Of(predictions);
        return new ModelEvaluation(
            classifier.Path,
            Sha256Of(classifier.Path),
            images.Name,
            images.Sha256,
            split,
            count,
            images.SkippedCount,
            figures.Accuracy.Value,
            figures.Accuracy.Low,
            figures.Accuracy.High,
            figures.Calibration?.LogLoss,
            figures.Classes,
            new ConfusionMatrix(predictions).Counts
        )
        {
            Figures = figures,
        };
    }

    public void Print(Terminal terminal)
    {
        var output = terminal.Output;
        output.WriteLine(
            FormattableString.Invariant($"accuracy {Accuracy:0.0000} (95 % interval {Low:0.0000} to {High:0.0000}) on {Rows:N0} ")
                + $"{Split} rows of {Data}"
        );
        output.WriteLine(
            Figures.Calibration is { } calibration
                ? FormattableString.Invariant($"log-loss {calibration.LogLoss:0.0000} nats, ")
                    + FormattableString.Invariant($"expected calibration error {calibration.ExpectedError:0.0000}, ")
                    + FormattableString.Invariant($"mean recall {Figures.BalancedAccuracy:0.0000}, mean F1 {Figures.MacroF1:0.0000}")
                : "the scores are no probabilities, so they have no log-loss and no calibration error"
        );
        if (Skipped > 0)
            output.WriteLine($"{Skipped} unreadable files were skipped");
        output.WriteLine();
        terminal.Table(
            ["class", "rows", "recall", "precision", "F1"],
            Classes.Select(label =>
                (string[])[label.Label, $"{label.Rows}", Written(label.Recall), Written(label.Precision), Written(label.F1)]
            )
        );
        output.WriteLine();
        output.WriteLine("confusion matrix (row: true class, column: predicted class):");
        terminal.Table(
            ["class", .. Classes.Select((_, i) => $"{i}")],
            Confusion.Select((row, i) => (string[])[$"{i} {Classes[i].Label}", .. row.Select(cell => cell == 0 ? "." : $"{cell}")])
        );
    }

    static string Sha256Of(string path)
    {
        using var file = File.OpenRead(path);
        return ContentHash.Of(file);
    }

    static string Written(Share? share) => share is null ? "-" : FigureText.Share(share.Value);
}
