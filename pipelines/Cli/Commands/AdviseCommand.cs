using System.CommandLine;
using Microsoft.ML;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Advice;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>advise</c>: which noise, if any, makes the labels easier to read off a column?</summary>
static class AdviseCommand
{
    const string Pixels = "Pixels",
        Embedding = "Embedding";

    public static Command Create(Terminal terminal)
    {
        var data = CommonOptions.Data(
            "Labelled images, of which the training rows alone are read: a folder with one subfolder per class, or a name of data-manifests/. Default: the data of the run."
        );
        var vectors = new VectorRows();
        var network = new Option<string?>("--network")
        {
            Description = "An ONNX file or the folder of a run, whose embedding the advice is about. Without, it is about the pixels.",
            HelpName = "FILE|RUN",
        };
        var output = new Option<string?>("--embedding")
        {
            Description =
                "The network's output that is the embedding. Default: what the head of a network of ours reads, ClassToken or Features.",
            HelpName = "NAME",
        };
        var on = new Option<string>("--on")
        {
            Description = "With --network: where the noise is put, on the embedding or on the pixels that go into the network.",
            HelpName = "PLACE",
            DefaultValueFactory = _ => "embedding",
        };
        on.AcceptOnlyFromAmong("embedding", "pixels");
        var noise = new Option<string[]>("--noise")
        {
            Description =
                "A noise to rank, as in gaussian:standardDeviation=25 or circular-shift:strength=0.3,axis=spatial-rows. May be repeated. Default: families and strengths that suit the column.",
            HelpName = "NOISE",
        };
        var limit = new Option<int?>("--limit") { Description = "Read at most so many training rows.", HelpName = "N" };
        var blocks = new Option<int?>("--blocks")
        {
            Description = "Disjoint blocks of rows, each of which gives one difference. Default: 20, or fewer where rows are few.",
            HelpName = "N",
        };
        var rows = new Option<int>("--rows-per-block")
        {
            Description = "The most rows of one block.",
            HelpName = "N",
            DefaultValueFactory = _ => new AdviceOptions().RowsPerBlock,
        };
        var sigma = new Option<double?>("--sigma")
        {
            Description = "The bandwidth, in units of the measured column. Default: the median distance of rows without noise.",
            HelpName = "SIGMA",
        };
        var batchSize = new Option<int>("--batch-size")
        {
            Description = "Rows per batch for noise across the batch; the rows are in random order.",
            HelpName = "N",
            DefaultValueFactory = _ => new AdviceOptions().BatchSize,
        };
        var seed = new Option<int?>("--seed")
        {
            Description = "Of the splits that the data do not come with, of the choice of rows and of the noise. Default: 1, or the run's.",
            HelpName = "N",
        };
        var json = CommonOptions.Json();
        var command = new Command(
            "advise",
            """
            Ranks noises before any training: by how they change what a column tells about the labels, measured as diffusion spectral mutual information on
            disjoint blocks of training rows, with simultaneous 95 % intervals. Answers "none" where no interval lies above 0, and says where the paper's
            formula points the other way.

            Example:  noisynn advise --data fashion-mnist
            """
        )
        {
            data,
            network,
            output,
            on,
            noise,
            limit,
            blocks,
            rows,
            sigma,
            batchSize,
            seed,
            json,
        };
        vectors.AddTo(command);
        command.SetAction(parsed =>
        {
            var ml = new MLContext(seed: parsed.GetValue(seed) ?? 1);
            var options = new AdviceOptions
            {
                Candidates = parsed.GetValue(noise) is { Length: > 0 } texts
                    ? [.. texts.Select(text => NoiseArgument.Parse(text, MixAxis.SpatialRows))]
                    : null,
                Blocks = parsed.GetValue(blocks),
                RowsPerBlock = parsed.GetValue(rows),
                Bandwidth = parsed.GetValue(sigma) is { } given ? Bandwidth.Of(given) : Bandwidth.MedianDistance,
                BatchSize = parsed.GetValue(batchSize),
                Seed = parsed.GetValue(seed) ?? 1,
            };
            if (vectors.AreNamed(parsed))
            {
                if (parsed.GetValue(data) is not null || parsed.GetValue(network) is not null)
                    throw new UsageException("--input is a file of numbers, --data and --network are about images; give one of them.");
                var (source, table) = vectors.Load(ml, parsed, terminal);
                Report(
                    terminal,
                    AdviceReport.Of(
                        source,
                        VectorRows.Column,
                        VectorRows.Column,
                        ml.Entropy.Advise(table, VectorRows.Column, "Label", options, terminal.Cancellation)
                    ),
                    parsed.GetValue(json)
                );
                return 0;
            }

            using var model = parsed.GetValue(network) is { } file ? ModelFile.OpenEncoder(ml, file, terminal.Cancellation) : null;
            var (name, view) = Rows(
                ml,
                model,
                parsed.GetValue(network),
                parsed.GetValue(data),
                parsed.GetValue(limit),
                parsed.GetValue(seed),
                terminal.Cancellation
            );
            if (model is null)
            {
                Report(
                    terminal,
                    AdviceReport.Of(name, Pixels, Pixels, ml.Entropy.Advise(view, Pixels, "Label", options, terminal.Cancellation)),
                    parsed.GetValue(json)
                );
                return 0;
            }

            using var embedding = Embed(ml, model.Path, parsed.GetValue(output)).Fit(view);
            var isOnPixels = parsed.GetValue(on) == "pixels";
            var advice = isOnPixels
                ? ml.Entropy.Advise(
                    view,
                    Pixels,
                    "Label",
                    options with
                    {
                        Network = embedding,
                        MeasuredColumnName = Embedding,
                    },
                    terminal.Cancellation
                )
                : ml.Entropy.Advise(embedding.Transform(view), Embedding, "Label", options, terminal.Cancellation);
            Report(terminal, AdviceReport.Of(name, isOnPixels ? Pixels : Embedding, Embedding, advice), parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    /// <exception cref="ArgumentException">The network has no such output; the message names those that it has.</exception>
    internal static OnnxBatchEstimator Embed(MLContext ml, string path, string? output)
    {
        if (output is not null)
            return ml.Scoring.OnnxBatch(Embedding, Pixels, path, output);
        var names = NetworkArchitectures.All.Select(architecture => architecture.FeaturesOutput).Distinct(StringComparer.Ordinal);
        foreach (var name in names.Where(name => name != TensorNames.Features))
        {
            try
            {
                return ml.Scoring.OnnxBatch(Embedding, Pixels, path, name);
            }
            catch (ArgumentException)
            {
                // The file is that of another network; the last attempt says what outputs it has.
            }
        }
        return ml.Scoring.OnnxBatch(Embedding, Pixels, path, TensorNames.Features);
    }

    /// <summary>Training rows, never others: of the run, as its training split the data, or of the source that is named.</summary>
    internal static (string Name, IDataView Rows) Rows(
        MLContext ml,
        ModelFile? model,
        string? network,
        string? source,
        int? limit,
        int? seed,
        CancellationToken cancellation
    )
    {
        if (model is not null && source is null)
        {
            if (limit is not null)
                throw new UsageException("--limit goes with --data; the training rows of a run are those that it was trained on.");
            var run = DataSource.Load(ml, new(network!, null, DataSource.Train, seed, SkipUnreadable: false), model.Shape, cancellation);
            return (run.Data.Name, run.Rows);
        }
        if (source is null)
            throw new UsageException(
                "say what the advice is about: labelled images (--data), a run (--network), or a file of numbers (--input)."
            );
        var images = TrainingImages.Load(ml, source, limit, seed ?? 1, cancellation, model?.Shape);
        if (model is not null && new ImageShape(images.Channels, images.Height, images.Width) != model.Shape)
            throw new InvalidDataException(
                $"{images.Name} has images of {images.Channels} x {images.Height} x {images.Width}, the network takes {model.Shape.Channels} x {model.Shape.Height} x {model.Shape.Width}."
            );
        return (images.Name, images.Train);
    }

    static void Report(Terminal terminal, AdviceReport report, bool json)
    {
        if (json)
        {
            Json.Write(terminal.Output, report);
            return;
        }

        terminal.Output.WriteLine(
            FormattableString.Invariant(
                $"{report.NoiseOn} of {report.Data}: {report.Dsmi:0.0000} bits about the labels in {report.MeasuredOn}, without noise (mean of {report.Blocks} blocks of {report.RowsPerBlock} training rows; sigma {report.Sigma:0.####}, {report.BandwidthRule})"
            )
        );
        terminal.Table(
            ["noise", "change", $"{100 * report.Confidence:0.#} % interval", "effect", "paper", ""],
            report.Ranking.Select(noise =>
                (string[])
                    [
                        noise.Description,
                        Signed(noise.Change),
                        $"{Signed(noise.Low)} to {Signed(noise.High)}",
                        noise.Effect,
                        noise.Paper,
                        noise.Disagrees ? "disagree" : "",
                    ]
            )
        );
        foreach (var note in report.Notes)
            terminal.Output.WriteLine(note);
        terminal.Output.WriteLine($"The intervals hold together for all {report.Ranking.Count} noises (Bonferroni).");
        terminal.Output.WriteLine(report.Verdict);

        static string Signed(double bits) => FormattableString.Invariant($"{bits:+0.0000;-0.0000;0.0000}");
    }
}

/// <summary>An advice in words and figures; all in bits.</summary>
sealed record AdviceReport(
    string Data,
    string NoiseOn,
    string MeasuredOn,
    string Unit,
    double Dsmi,
    double Sigma,
    string BandwidthRule,
    int Blocks,
    int RowsPerBlock,
    long TotalRows,
    double Confidence,
    string? Advised,
    string Verdict,
    IReadOnlyList<string> Notes,
    IReadOnlyList<AdviceReport.Bandwidth> OtherBandwidths,
    IReadOnlyList<AdviceReport.Noise> Ranking
)
{
    public sealed record Noise(
        string Family,
        string Description,
        double Dsmi,
        double Change,
        double Low,
        double High,
        string Effect,
        double? PaperChange,
        string Paper,
        bool Disagrees
    );

    public sealed record Bandwidth(double Sigma, double Change, double Low, double High);

    public static AdviceReport Of(string data, string noiseOn, string measuredOn, NoiseAdvice advice) =>
        new(
            data,
            noiseOn,
            measuredOn,
            advice.Unit,
            advice.Dsmi,
            advice.Sigma,
            advice.BandwidthRule,
            advice.Blocks,
            advice.RowsPerBlock,
            advice.TotalRows,
            advice.Confidence,
            advice.Advised is { } best ? NoiseWords.Describe(best.Noise) : null,
            advice.Describe(NoiseWords.Describe),
            advice.Notes,
            [
                .. advice.OtherBandwidths.Select(other => new Bandwidth(
                    other.Sigma,
                    other.Measured.Change,
                    other.Measured.Low,
                    other.Measured.High
                )),
            ],
            [
                .. advice.Ranking.Select(ranked => new Noise(
                    ranked.Noise.Name,
                    NoiseWords.Describe(ranked.Noise),
                    ranked.Dsmi,
                    ranked.Change,
                    ranked.Low,
                    ranked.High,
                    Word(ranked.Effect),
                    ranked.EntropyChange.Paper,
                    Word(ranked.Paper),
                    ranked.Disagrees
                )),
            ]
        );

    static string Word(Enum value) => value.ToString().ToLowerInvariant();
}
