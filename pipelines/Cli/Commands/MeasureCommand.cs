using System.CommandLine;
using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Formats;
using NoisyNN.Pipelines.Data.Formats.Tables;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>measure</c>: how much entropy do rows of numbers have, and how much of it do labels explain?</summary>
static class MeasureCommand
{
    public static Command Create(Terminal terminal)
    {
        var input = new Option<string?>("--input")
        {
            Description = "Rows of numbers: a .npy array, whose first axis counts the rows, or a .csv table with or without a header.",
            HelpName = "FILE",
        };
        var labels = new Option<string?>("--labels")
        {
            Description =
                "With --input: their labels, .npy or .csv. Words and whole numbers are classes; fractions are divided into bins, rows of several numbers into clusters.",
            HelpName = "FILE",
        };
        var labelColumn = new Option<string?>("--label-column")
        {
            Description = "With a .csv --input: its column of labels, by name or by number from 1; none if every column is a feature.",
            HelpName = "NAME",
        };
        var data = CommonOptions.Data(
            "Labelled images, of which the training rows are measured: a folder with one subfolder per class, or a name of data-manifests/."
        );
        var network = new Option<string?>("--network")
        {
            Description = "An ONNX file or the folder of a run: measure its embedding of the images and not their pixels.",
            HelpName = "FILE|RUN",
        };
        var embedding = new Option<string?>("--embedding")
        {
            Description =
                "With --network: the output that is the embedding. Default: what the head of a network of ours reads, ClassToken or Features.",
            HelpName = "NAME",
        };
        var limit = new Option<int?>("--limit") { Description = "With --data: read at most so many training rows.", HelpName = "N" };
        var options = new MeasureOptions();
        var tables = new TableArguments();
        var json = CommonOptions.Json();
        var command = new Command(
            "measure",
            """
            Measures the diffusion spectral entropy (DSE) of rows of numbers and, with labels, their mutual information (DSMI), in bits, with everything
            that decides the figures. With --sigma, they are the reference's; without, the bandwidth is the median distance of the rows.

            Example:  noisynn measure --input features.npy --labels labels.csv --sigma 1 --power 1
            """
        )
        {
            input,
            labels,
            labelColumn,
            data,
            network,
            embedding,
            limit,
        };
        tables.AddTo(command);
        options.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var settings = options.Read(parsed);
            var report = parsed.GetValue(input) is { } file ? OfFile(file) : OfImages();
            if (parsed.GetValue(json))
                Json.Write(terminal.Output, MeasuredFigures.Of(report));
            else
                Print(terminal, report);
            return 0;

            EntropyReport OfFile(string path)
            {
                if (parsed.GetValue(data) is not null || parsed.GetValue(network) is not null)
                    throw new UsageException("--input is a file of numbers, --data and --network are about images; give one of them.");
                if (parsed.GetValue(labels) is not null && parsed.GetValue(labelColumn) is not (null or TableOptions.NoColumn))
                    throw new UsageException(
                        "the labels are in a file of their own (--labels) or in a column of --input (--label-column), not in both."
                    );
                var (table, labelTable) = tables.Read(parsed, path, parsed.GetValue(labels));
                var (rows, classes) = VectorFile.Read(path, parsed.GetValue(labelColumn), settings.Clusters, table, terminal.Note);
                if (parsed.GetValue(labels) is { } labelFile)
                    classes = VectorFile.ReadLabels(labelFile, rows.RowCount, settings.Clusters, labelTable, terminal.Note);
                return DiffusionEntropy.Measure(rows, classes, settings, terminal.Cancellation);
            }

            EntropyReport OfImages()
            {
                if (parsed.GetValue(data) is null && parsed.GetValue(network) is null)
                    throw new UsageException("say what to measure: --input with a .npy or .csv file, or --data with labelled images.");
                if (parsed.GetValue(labels) is not null || parsed.GetValue(labelColumn) is not null)
                    throw new UsageException("images have labels of their own; leave out --labels and --label-column.");
                if (tables.Given(parsed) is { } stray)
                    throw new UsageException($"{stray} goes with --input.");
                var ml = new MLContext(seed: settings.Seed);
                using var model = parsed.GetValue(network) is { } path ? ModelFile.OpenEncoder(ml, path, terminal.Cancellation) : null;
                var (_, view) = AdviseCommand.Rows(
                    ml,
                    model,
                    parsed.GetValue(network),
                    parsed.GetValue(data),
                    parsed.GetValue(limit),
                    seed: null,
                    terminal.Cancellation
                );
                if (model is null)
                    return ml.Entropy.Measure(view, "Pixels", "Label", settings);
                using var transformer = AdviseCommand.Embed(ml, model.Path, parsed.GetValue(embedding)).Fit(view);
                return ml.Entropy.Measure(transformer.Transform(view), "Embedding", "Label", settings);
            }
        });
        return command;
    }

    static void Print(Terminal terminal, EntropyReport report)
    {
        var output = terminal.Output;
        output.WriteLine(Figure("DSE", report.Dse, report.DseInterval, report.DseErrorBound));
        if (report.Dsmi is { } information)
            output.WriteLine(Figure("DSMI", information, report.DsmiInterval, report.DsmiErrorBound));
        output.WriteLine(
            FormattableString.Invariant(
                $"{report.Rows} rows of {report.Dimension}; {MeasureOptions.Word(report.Mode)}, power {report.Power}{Count(report.Neighbors, "neighbors")}{Count(report.Bins, "bins")}{Count(report.Repetitions, "repetitions")}; {(report.Sigma is { } sigma ? FormattableString.Invariant($"sigma {sigma:0.######} ({report.BandwidthRule})") : "no bandwidth")}; scaling {MeasureOptions.Word(report.Scaling)}; seed {report.Seed}; {MeasureOptions.Word(report.Precision)} precision"
            )
        );
        if (report.Classes.Count > 0)
        {
            output.WriteLine();
            terminal.Table(
                ["class", "rows", "entropy", "random rows"],
                report.Classes.Select(one =>
                    (string[])
                        [
                            one.Name,
                            $"{one.Rows}",
                            FormattableString.Invariant($"{one.Entropy:0.000000;-0.000000;0.000000}"),
                            FormattableString.Invariant($"{one.Matched:0.000000;-0.000000;0.000000}"),
                        ]
                )
            );
        }
        foreach (var note in report.Notes)
            output.WriteLine($"note: {note}");
    }

    static string Count(int? value, string name) => value is { } count ? FormattableString.Invariant($", {name} {count}") : "";

    static string Figure(string name, double bits, SubsamplingInterval? interval, double? bound) =>
        FormattableString.Invariant($"{name} {bits:0.0000000000;-0.0000000000;0.0000000000} bits")
        + (bound is { } most ? FormattableString.Invariant($", approximate: within {most:0.0000} bits of the exact figure") : "")
        + (
            interval is { } range
                ? FormattableString.Invariant(
                    $"; 95 % interval {range.Low:0.0000} to {range.High:0.0000} for as many new rows of the same source ({range.Subsamples} subsamples of {range.SubsampleRows})"
                )
                : ""
        );
}

/// <summary>The figures of a measurement for other programs. Entropies are in <see cref="Unit"/>.</summary>
sealed record MeasuredFigures(
    double Dse,
    double? Dsmi,
    string Unit,
    string Mode,
    double? Sigma,
    string Rule,
    double Power,
    int? Neighbors,
    int? Bins,
    int? Repetitions,
    string Scaling,
    string Precision,
    int Seed,
    int Rows,
    int TotalRows,
    int Dimension,
    SubsamplingInterval? Interval,
    SubsamplingInterval? DsmiInterval,
    double? ErrorBound,
    double? DsmiErrorBound,
    IReadOnlyList<ClassEntropy> Classes,
    IReadOnlyList<string> Notes
)
{
    public static MeasuredFigures Of(EntropyReport report) =>
        new(
            report.Dse,
            report.Dsmi,
            report.Unit,
            MeasureOptions.Word(report.Mode),
            report.Sigma,
            report.BandwidthRule,
            report.Power,
            report.Neighbors,
            report.Bins,
            report.Repetitions,
            MeasureOptions.Word(report.Scaling),
            MeasureOptions.Word(report.Precision),
            report.Seed,
            report.Rows,
            report.TotalRows,
            report.Dimension,
            report.DseInterval,
            report.DsmiInterval,
            report.DseErrorBound,
            report.DsmiErrorBound,
            report.Classes,
            report.Notes
        );
}
