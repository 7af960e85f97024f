using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Evaluation.Classes;
using NoisyNN.Pipelines.Experiments.Pictures;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Cli.Reports.Models;

/// <summary>The folder that <c>evaluate --output</c> names: figures for programs and spreadsheets, and a page for people.</summary>
sealed class EvaluationFolder
{
    const string FigureFileName = "evaluation.json";

    readonly string _path;

    EvaluationFolder(string path) => _path = path;

    /// <summary>Makes the folder before any work.</summary>
    /// <exception cref="UsageException">There is something else at the path.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static EvaluationFolder Require(string path)
    {
        if (File.Exists(path))
            throw new UsageException($"--output {path} is a file; give a folder.");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any() && !File.Exists(Path.Combine(path, FigureFileName)))
            throw new UsageException($"--output {path} holds files that are no evaluation; give a new or an empty folder.");
        Directory.CreateDirectory(path);
        return new EvaluationFolder(path);
    }

    /// <summary>Writes all files; each appears as a whole.</summary>
    /// <param name="evaluation">The figures.</param>
    /// <param name="predictions">What the model says about each row.</param>
    /// <param name="rows">The rows that were judged, in their order.</param>
    /// <param name="pictures">Some of the images, and where the model looks in them.</param>
    /// <param name="command">The command line that repeats the evaluation.</param>
    public void Write(ModelEvaluation evaluation, Predictions predictions, IDataView rows, RunPictures pictures, string command)
    {
        Write("classes.csv", writer => WriteClasses(writer, evaluation));
        Write("confusion.csv", writer => WriteConfusion(writer, evaluation));
        Write("predictions.csv", writer => WritePredictions(writer, predictions, rows));
        var section = new ClassSection("The model", evaluation.Figures, evaluation.Confusion)
        {
            Errors = ErrorPictures.Of(predictions, rows),
            Shape = pictures.Shape,
        };
        var page = EvaluationReport.Render(
            evaluation.Model,
            evaluation.ModelSha256,
            evaluation.Data,
            evaluation.DataSha256,
            evaluation.Split,
            evaluation.Rows,
            command,
            section,
            pictures
        );
        Write("report.html", writer => writer.Write(page));
        // Last, because it marks a complete evaluation.
        Write(FigureFileName, writer => Json.Write(writer, evaluation));
    }

    void Write(string name, Action<TextWriter> write) =>
        AtomicFile.Write(
            Path.Combine(_path, name),
            stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                write(writer);
            }
        );

    static void WriteClasses(TextWriter writer, ModelEvaluation evaluation)
    {
        WriteLine(writer, ["class", "rows", "predicted", .. Columns("recall"), .. Columns("precision"), .. Columns("f1")]);
        foreach (var figures in evaluation.Classes)
            WriteLine(
                writer,
                [
                    figures.Label,
                    $"{figures.Rows}",
                    $"{figures.Predicted}",
                    .. Values(figures.Recall),
                    .. Values(figures.Precision),
                    .. Values(figures.F1),
                ]
            );

        static string[] Columns(string name) => [name, $"{name}_low", $"{name}_high"];

        static string[] Values(Share? share) =>
            share is null ? ["", "", ""] : [Written(share.Value), Written(share.Low), Written(share.High)];
    }

    static void WriteConfusion(TextWriter writer, ModelEvaluation evaluation)
    {
        WriteLine(writer, ["class", .. evaluation.Classes.Select(figures => figures.Label)]);
        foreach (var (figures, counts) in evaluation.Classes.Zip(evaluation.Confusion))
            WriteLine(writer, [figures.Label, .. counts.Select(count => $"{count}")]);
    }

    static void WritePredictions(TextWriter writer, Predictions predictions, IDataView rows)
    {
        WriteLine(writer, ["image", "class", "predicted", "score_of_predicted", "score_of_class"]);
        foreach (var (id, row) in rows.GetColumn<ReadOnlyMemory<char>>("Id").Select((id, row) => (id, row)))
            WriteLine(
                writer,
                [
                    id.ToString(),
                    predictions.Labels[predictions.ClassOf(row)],
                    predictions.Labels[predictions.Predicted[row]],
                    Written(predictions.ConfidenceOf(row)),
                    Written(predictions[row][predictions.ClassOf(row)]),
                ]
            );
    }

    static void WriteLine(TextWriter writer, IEnumerable<string> fields) =>
        writer.WriteLine(string.Join(',', fields.Select(field => TableField.Of(field, ','))));

    static string Written(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
