using System.CommandLine;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using NoisyNN.Pipelines.Cli.Clusters;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Pipelines.Scoring.Shards;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Pipelines.Cli.Commands.Scores;

/// <summary><c>score</c>: writes predictions or embeddings of images, or of rows of numbers, as a table.</summary>
sealed class ScoreCommand : Command
{
    readonly Terminal _terminal;
    readonly ScoreOptions _options = new();
    readonly ClusterOptions _cluster = new();

    public ScoreCommand(Terminal terminal)
        : base(
            "score",
            """
            Scores images, or rows of numbers, with an ONNX model and writes a table. Each row has the image, the predicted class, its
            probability, and the probability of every class. For a model without classes, or with --tensor, it has the values of the output.
            The command works batch by batch, so that memory does not grow with the number of rows. After Ctrl-C or a power failure, run the same
            command again. It continues, and the complete table is the same. Files that cannot be read are reported and left out. The exit
            code is then 3.

            --shards N divides the rows into N shards, which are files of their own, scores those that are missing, and joins them.
            Several machines that see the files may run the same command, or one shard each with --shard I/N.

            Example:  noisynn score runs/latest photos/ --output scores.csv
                      noisynn score runs/latest photos/ --output scores.csv --shards 64
                      noisynn score runs/latest photos/ --output scores.csv --shards 64 --on slurm -- --cpus-per-task=8
                      noisynn score model.onnx photos/ --tensor ClassToken --output embeddings.csv
            """
        )
    {
        _terminal = terminal;
        _options.AddTo(this);
        _cluster.AddTo(this);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var cluster = _cluster.Read(parsed);
        var settings = _options.Read(parsed, cluster?.Options.Count ?? 0);
        if (cluster is not null && settings.Shards is not { Only: null, IsJoin: false })
            throw new UsageException("--on needs --shards N: a cluster scores shards.");
        if (cluster is { IsDry: true } && settings.IsRestarted)
            throw new UsageException("--restart discards shards, and --dry-run writes nothing; leave out one of the two.");
        if (cluster is { System: ClusterOptions.Slurm, IsDry: false })
            SlurmCommands.Require();
        var place = OutputFile.Require(settings.Output);
        if (place.IsStream && settings.Shards is not null)
            throw new UsageException("shards need a file for their table; give one with --output FILE.");
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
        return settings.Shards is { } choice
            ? ScoreShards(
                ml,
                settings,
                requested,
                images,
                choice,
                cluster is null ? null : folder => Submit(parsed, cluster, settings, folder)
            )
            : ScoreWhole(ml, settings, requested, images);
    }

    int ScoreWhole(MLContext ml, ScoreSettings settings, string requested, IReadOnlyList<string> images)
    {
        using var file = ResumableFile.Open(settings.Output, requested, settings.IsRestarted);
        if (file.Resumed is { } resumed)
            _terminal.Note(FormattableString.Invariant($"continuing after {resumed.Rows:N0} rows"));
        var options = ScoringBatches.For(file.Resumed, settings.BatchSize, images.Count);
        using var rows = new ScoredRows(ml, _terminal, settings, images, options);
        var run = rows.Score(file, requested, Shard.Whole, _terminal.Cancellation);

        var report = new ScoringReport(
            settings.Output,
            rows.Source?.Split,
            run.Rows,
            run.Unreadable,
            run.RowsPerSecond,
            rows.Model.Setting
        );
        if (settings.IsJson)
            Json.Write(_terminal.Output, report);
        else
            report.Print(_terminal);
        return ExitCodeOf(settings, run.Unreadable);
    }

    int ScoreShards(
        MLContext ml,
        ScoreSettings settings,
        string requested,
        IReadOnlyList<string> images,
        ShardChoice choice,
        Action<ShardFolder>? submit
    )
    {
        using var rows = new ScoredRows(ml, _terminal, settings, images, ScoringBatches.ForShards(settings.BatchSize));
        if (rows.Source is { } source)
            requested = ContentHash.Of(Encoding.UTF8.GetBytes($"{requested} {source.Data.Sha256}"));
        if (settings.IsRestarted)
            ShardFolder.Discard(settings.Output);
        var folder = ShardFolder.For(settings.Output, choice.Count, requested);
        if (submit is not null)
        {
            submit(folder);
            return 0;
        }
        var scoring = new ShardedScoring(_terminal, rows, folder, requested);
        if (choice.Only is { } shard)
        {
            scoring.ScoreOne(shard);
            return 0;
        }
        if (!choice.IsJoin)
            scoring.ScoreAll();
        var joined = folder.Join();
        var report = new JoinedReport(settings.Output, choice.Count, joined, images.Count > 0 ? images.Count - joined : 0);
        if (settings.IsJson)
            Json.Write(_terminal.Output, report);
        else
            report.Print(_terminal);
        return ExitCodeOf(settings, report.Skipped);
    }

    void Submit(ParseResult parsed, ClusterRequest cluster, ScoreSettings settings, ShardFolder folder)
    {
        var count = settings.Shards!.Count;
        var words = _cluster.Without(parsed, _options.OfWholeTable);
        new ClusterSubmission(_terminal, cluster).Submit(
            new TaskArray(
                Path.GetFileName(settings.Output),
                Path.GetFullPath(folder.Path),
                [.. folder.Open.Select(shard => shard.Number)],
                count,
                number => $"{words} --shard \"{number}/{count}\"",
                $"{words} --shards {count} --join",
                Threads: 1,
                $"ls {ShellText.Word(folder.Path)}",
                RunOptions.Repeat(parsed)
            )
        );
    }

    static int ExitCodeOf(ScoreSettings settings, long unreadable) =>
        unreadable > 0 && !settings.Request.SkipUnreadable ? ExitCode.Incomplete : 0;
}
