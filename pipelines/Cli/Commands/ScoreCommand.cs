using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>score</c>: images or rows of numbers in, a table of predictions or embeddings out.</summary>
sealed class ScoreCommand : Command
{
    const int FewImages = 2000;

    readonly Terminal _terminal;
    readonly ScoreOptions _options = new();

    public ScoreCommand(Terminal terminal)
        : base(
            "score",
            """
            Scores images, or rows of numbers, with an ONNX model and writes a table: the image, the predicted class, its probability, and the
            probability of every class. Of a model without classes, or with --tensor, it writes the values of the output. Any number of rows fits:
            they are read, scored and written batch by batch.
            After Ctrl-C or a power cut, the same command goes on where it stopped; the table is the same in the end.
            Files that cannot be read are named and left out; the exit code then is 3.

            Example:  noisynn score runs/latest photos/ --output scores.csv
                      noisynn score model.onnx photos/ --tensor ClassToken --output embeddings.csv
            """
        )
    {
        _terminal = terminal;
        _options.AddTo(this);
        SetAction(parsed => Run(_options.Read(parsed)));
    }

    int Run(ScoreSettings settings)
    {
        var place = OutputFile.Require(settings.Output);
        if (place.IsStandardOutput && settings.IsJson)
            throw new UsageException("--json and the table would both go to standard output; give another --output.");
        var ml = GpuChoice.ContextForScoring(settings.Gpu);
        ml.Log += (_, line) =>
        {
            if (line.Kind == ChannelMessageKind.Warning)
                _terminal.Note(line.RawMessage);
        };
        var images = settings.Request.Source is null && settings.Input is null ? ImagePaths.Find(settings.Images) : [];
        IReadOnlyList<string> read = settings.Input is { } rows ? [rows] : images;
        var parts = OnnxFile.Parts(ModelFile.PathOf(settings.Request.Model));
        OutputFile.RefuseInput(place, parts.Concat(read));
        foreach (var line in ImagePaths.SameLooks(images))
            _terminal.Note(line);

        var requested = ScoringFingerprint.Of(settings.Request, parts, settings.Describe(), read);
        using var file = ResumableFile.Open(settings.Output, requested, settings.IsRestarted);
        if (file.Resumed is { } resumed)
            _terminal.Note(FormattableString.Invariant($"going on after {resumed.Rows:N0} rows"));
        return Score(ml, settings, file, requested, images);
    }

    int Score(MLContext ml, ScoreSettings settings, ResumableFile file, string requested, IReadOnlyList<string> images)
    {
        var options = BatchOptions(file.Resumed, settings.BatchSize, images.Count);
        (options.Output, options.Cancellation) = (settings.Tensor, _terminal.Cancellation);
        var vectors = settings.Input is { } input ? RowFile.Load(ml, input, settings.LabelColumn, settings.Table!, _terminal.Note) : null;
        using var classifier = vectors is null
            ? ModelFile.OpenUnlabelled(ml, settings.Request.Model, options, ImageSize.Parse(settings.ImageSize))
            : ModelFile.OpenForRows(ml, settings.Request.Model, options, vectors);
        var run = new ScoringRun(ml, _terminal, classifier, settings.Output, isPlain: options.Output is not null);
        var source = settings.Request.Source is null
            ? null
            : DataSource.Load(ml, settings.Request, classifier.Shape, _terminal.Cancellation);
        if (vectors is not null)
            run.Score(file, requested, vectors);
        else if (source is null)
            run.Score(file, requested, images);
        else
            run.Score(file, requested, source);

        Report(settings, run, source?.Split, classifier.Setting);
        return run.Unreadable > 0 && !settings.Request.SkipUnreadable ? ExitCode.Incomplete : 0;
    }

    void Report(ScoreSettings settings, ScoringRun run, string? split, OnnxBatchSetting setting)
    {
        if (settings.IsJson)
            Json.Write(
                _terminal.Output,
                new
                {
                    settings.Output,
                    Split = split,
                    run.Rows,
                    Skipped = run.Unreadable,
                    run.RowsPerSecond,
                    Setting = setting,
                }
            );
        else
            _terminal.Note(
                FormattableString.Invariant(
                    $"{run.Rows}{(split is null ? "" : $" {split}")} rows to {settings.Output}, {run.RowsPerSecond:0} rows/s ({setting}){(run.Unreadable > 0 ? $"; {run.Unreadable} unreadable files left out" : "")}"
                )
            );
    }

    static OnnxBatchEstimator.Options BatchOptions(TableProgress? resumed, int? batchSize, int imageCount) =>
        resumed is not null
            ? new()
            {
                BatchSize = resumed.BatchSize,
                ParallelRuns = resumed.ParallelRuns,
                IntraOpNumThreads = resumed.Threads,
            }
        // How many of the images are readable nobody knows beforehand; few are not worth a warm-up in any case.
        : imageCount is > 0 and < FewImages ? new() { BatchSize = batchSize ?? 32, ParallelRuns = 1 }
        : new() { BatchSize = batchSize };
}
