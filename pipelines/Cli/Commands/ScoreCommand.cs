using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>score</c>: writes predictions or embeddings of images, or of rows of numbers, as a table.</summary>
sealed class ScoreCommand : Command
{
    readonly Terminal _terminal;
    readonly ScoreOptions _options = new();

    public ScoreCommand(Terminal terminal)
        : base(
            "score",
            """
            Scores images, or rows of numbers, with an ONNX model and writes a table. Each row has the image, the predicted class, its
            probability, and the probability of every class. For a model without classes, or with --tensor, it has the values of the output.
            The command works batch by batch, so that memory does not grow with the number of rows. After Ctrl-C or a power failure, run the same
            command again. It continues, and the complete table is the same. Files that cannot be read are reported and left out. The exit
            code is then 3.

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
        var found = settings.Request.Source is null && settings.Input is null ? ImagePaths.Find(settings.Images) : new([], []);
        var images = found.Files;
        IReadOnlyList<string> read = settings.Input is { } rows ? [rows] : images;
        var parts = OnnxFile.Parts(ModelFile.PathOf(settings.Request.Model));
        OutputFile.RefuseInput(place, parts.Concat(read));
        foreach (var note in found.Notes)
            _terminal.Note($"note: {note}");

        var requested = ScoringFingerprint.Of(settings.Request, parts, settings.Describe(), read);
        using var file = ResumableFile.Open(settings.Output, requested, settings.IsRestarted);
        if (file.Resumed is { } resumed)
            _terminal.Note(FormattableString.Invariant($"continuing after {resumed.Rows:N0} rows"));
        return Score(ml, settings, file, requested, images);
    }

    int Score(MLContext ml, ScoreSettings settings, ResumableFile file, string requested, IReadOnlyList<string> images)
    {
        var options = ScoringBatches.For(file.Resumed, settings.BatchSize, images.Count);
        (options.Output, options.Cancellation) = (settings.Tensor, _terminal.Cancellation);
        var vectors = settings.Input is { } input ? RowFile.Load(ml, input, settings.LabelColumn, settings.Table!, _terminal.Note) : null;
        using var classifier = vectors is null
            ? ModelFile.OpenUnlabelled(
                ml,
                settings.Request.Model,
                options,
                settings.Request.IsTrusted,
                ImageSize.Parse(settings.ImageSize),
                settings.Request.Pixels
            )
            : ModelFile.OpenForRows(ml, settings.Request.Model, options, settings.Request.IsTrusted, vectors);
        if (classifier.Warning is { } warning)
            _terminal.Note(warning);
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

        var report = new ScoringReport(settings.Output, source?.Split, run.Rows, run.Unreadable, run.RowsPerSecond, classifier.Setting);
        if (settings.IsJson)
            Json.Write(_terminal.Output, report);
        else
            report.Print(_terminal);
        return run.Unreadable > 0 && !settings.Request.SkipUnreadable ? ExitCode.Incomplete : 0;
    }
}
