using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Folders;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Decoding;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>Scores rows into a table. It continues an interrupted run and leaves out what cannot be read.</summary>
/// <param name="ml">The context.</param>
/// <param name="terminal">Receives the progress.</param>
/// <param name="classifier">The model.</param>
/// <param name="path">The table.</param>
/// <param name="isPlain">Whether the model's output is written unchanged, as it always is for a model without classes.</param>
/// <param name="hasHeader">Whether the table begins with the names of its columns.</param>
/// <param name="cancellation">Stops between two batches; the progress is then on the disk.</param>
sealed class ScoringRun(
    MLContext ml,
    Terminal terminal,
    ModelFile classifier,
    string path,
    bool isPlain,
    bool hasHeader,
    CancellationToken cancellation
)
{
    static readonly TimeSpan s_betweenCommits = TimeSpan.FromSeconds(2);

    readonly HashSet<string> _reported = [];

    /// <summary>The number of rows of the finished table.</summary>
    public long Rows { get; private set; }

    /// <summary>The number of rows that could not be read.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Rows a second in this run.</summary>
    public double RowsPerSecond { get; private set; }

    /// <summary>Scores any number of files. Those that cannot be read are reported and left out.</summary>
    public void Score(ResumableFile file, string request, IReadOnlyList<string> images)
    {
        var start = file.Resumed?.NextRow ?? 0;
        var view = new ImageFileView(
            [.. images.Skip((int)start)],
            new ImageDecoder(classifier.Shape, new ImageLimits()),
            skipUnreadable: true
        );
        Score(file, request, view, images.Count, "images", id => start + (long)id.Low + 1, () => Report(view));
        Report(view);
        Unreadable = images.Count - Rows;
    }

    /// <summary>Scores the rows of a data set.</summary>
    public void Score(ResumableFile file, string request, DataSource source)
    {
        var rows = file.Resumed is { } resumed ? ml.Data.SkipRows(source.Rows, resumed.NextRow) : source.Rows;
        Score(file, request, rows, source.Count, "images", nextRow: null, report: () => { });
        Unreadable = source.Data.SkippedCount;
    }

    /// <summary>Scores rows of numbers.</summary>
    public void Score(ResumableFile file, string request, IDataView vectors)
    {
        var rows = file.Resumed is { } resumed ? ml.Data.SkipRows(vectors, resumed.NextRow) : vectors;
        Score(file, request, rows, vectors.GetRowCount() ?? 0, "rows", nextRow: null, report: () => { });
    }

    void Score(
        ResumableFile file,
        string request,
        IDataView rows,
        long total,
        string unit,
        Func<DataViewRowId, long>? nextRow,
        Action report
    )
    {
        var before = file.Resumed?.Rows ?? 0;
        Rows = before;
        var scored = classifier.Score(rows);
        var (idColumn, scoreColumn) = (scored.Schema["Id"], scored.Schema["Score"]);
        // Without a predicted class beside it, the column is not a distribution over classes.
        var hasClasses = scored.Schema.GetColumnOrNull("PredictedLabel") is not null;
        var columns = hasClasses
            ? classifier.Labels
            : [.. Enumerable.Range(0, ((VectorDataViewType)scoreColumn.Type).Size).Select(index => $"{classifier.OutputName}[{index}]")];
        var table = new ScoreTable(file.Writer, columns, ScoreTable.SeparatorOf(path), unit.TrimEnd('s'), isPlain || !hasClasses);
        if (file.Resumed is null && hasHeader)
            file.Writing(table.WriteHeader);

        using var cursor = scored.GetRowCursor([idColumn, scoreColumn]);
        var getName = cursor.GetGetter<ReadOnlyMemory<char>>(idColumn);
        var getScore = cursor.GetGetter<VBuffer<float>>(scoreColumn);
        var getId = cursor.GetIdGetter();
        var (name, scores, id) = (default(ReadOnlyMemory<char>), default(VBuffer<float>), default(DataViewRowId));
        var setting = classifier.Setting;
        var writeRow = () => table.WriteRow(name, scores.GetValues());
        var clock = Stopwatch.StartNew();
        var sinceCommit = Stopwatch.StartNew();
        while (cursor.MoveNext())
        {
            getName(ref name);
            getScore(ref scores);
            getId(ref id);
            file.Writing(writeRow);
            Rows++;
            // Only between batches, so that a continued run scores the same rows together.
            if (
                Rows % setting.BatchSize == 0
                && (cancellation.IsCancellationRequested || sinceCommit.Elapsed > s_betweenCommits || Rows == setting.BatchSize)
            )
            {
                var next = nextRow?.Invoke(id) ?? Rows;
                file.Commit(bytes => new(request, next, Rows, bytes, setting.BatchSize, setting.ParallelRuns, setting.IntraOpNumThreads));
                report();
                cancellation.ThrowIfCancellationRequested();
                sinceCommit.Restart();
            }
            terminal.Status(() => Progress(Rows, total, unit, (Rows - before) / clock.Elapsed.TotalSeconds));
        }
        cancellation.ThrowIfCancellationRequested();
        file.Complete();
        terminal.ClearStatus();
        RowsPerSecond = (Rows - before) / clock.Elapsed.TotalSeconds;
    }

    void Report(ImageFileView view)
    {
        foreach (var (image, why) in view.Skipped)
        {
            if (_reported.Add(image))
                terminal.Note($"unreadable, left out: {image}: {(ImageFileNames.IsUnusable(image) ? ImageFileNames.UnusableName : why)}");
        }
        foreach (var image in view.Animations)
        {
            if (_reported.Add(image))
                terminal.Note($"animation, first frame scored: {image}");
        }
    }

    static string Progress(long rows, long total, string unit, double rate)
    {
        const int width = 24;
        var done = (int)(width * rows / Math.Max(total, 1));
        var left = rate > 0 ? Terminal.Duration((total - rows) / rate) : "?";
        return FormattableString.Invariant(
            $"  [{new string('#', done)}{new string('.', width - done)}]  {rows:N0}/{total:N0} {unit}  {rate:N0} {unit}/s  {left} left"
        );
    }
}
