using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Pipelines.Scoring.Shards;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Cli.Commands.Scores;

/// <summary>The rows that <c>score</c> is asked for, and the open model.</summary>
sealed class ScoredRows : IDisposable
{
    readonly MLContext _ml;
    readonly Terminal _terminal;
    readonly ScoreSettings _settings;
    readonly IReadOnlyList<string> _images;
    readonly IDataView? _vectors;

    /// <summary>Opens the model, and finds the rows.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="terminal">Receives notes and progress.</param>
    /// <param name="settings">What is asked for.</param>
    /// <param name="images">The image files; none for other rows.</param>
    /// <param name="options">The batches.</param>
    public ScoredRows(
        MLContext ml,
        Terminal terminal,
        ScoreSettings settings,
        IReadOnlyList<string> images,
        OnnxBatchEstimator.Options options
    )
    {
        (_ml, _terminal, _settings, _images) = (ml, terminal, settings, images);
        (options.Output, options.Cancellation) = (settings.Tensor, terminal.Cancellation);
        _vectors = settings.Input is { } input ? RowFile.Load(ml, input, settings.LabelColumn, settings.Table!, terminal.Note) : null;
        Model = _vectors is null
            ? ModelFile.OpenUnlabelled(
                ml,
                settings.Request.Model,
                options,
                settings.Request.IsTrusted,
                ImageSize.Parse(settings.ImageSize),
                settings.Request.Pixels
            )
            : ModelFile.OpenForRows(ml, settings.Request.Model, options, settings.Request.IsTrusted, _vectors);
        if (Model.Warning is { } warning)
            terminal.Note(warning);
        Source = settings.Request.Source is null ? null : DataSource.Load(ml, settings.Request, Model.Shape, terminal.Cancellation);
    }

    /// <summary>The model.</summary>
    public ModelFile Model { get; }

    /// <summary>The rows of a data set; null for others.</summary>
    public DataSource? Source { get; }

    long Count =>
        Source?.Count
        ?? (
            _vectors is null
                ? _images.Count
                : _vectors.GetRowCount() ?? throw new InvalidOperationException($"the rows of {_settings.Input} cannot be counted.")
        );

    /// <summary>Scores one shard, or all rows.</summary>
    /// <param name="file">Receives the table.</param>
    /// <param name="request">The fingerprint of the request.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    public ScoringRun Score(ResumableFile file, string request, Shard shard, CancellationToken cancellation)
    {
        var run = new ScoringRun(
            _ml,
            _terminal,
            Model,
            _settings.Output,
            isPlain: _settings.Tensor is not null,
            hasHeader: shard.Number == 1,
            cancellation
        );
        // A table that is not divided needs no batches that are known beforehand.
        var (first, count) = shard == Shard.Whole ? (0, long.MaxValue) : shard.RowsOf(Count, Model.Setting.BatchSize);
        if (count == 0)
            file.Complete();
        else if (_vectors is not null)
            run.Score(file, request, Part(_vectors, first, count));
        else if (Source is null)
            run.Score(file, request, [.. _images.Skip((int)first).Take((int)Math.Min(count, int.MaxValue))]);
        else
            run.Score(file, request, Source with { Rows = Part(Source.Rows, first, count), Count = Math.Min(count, Source.Count) });
        return run;
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    /// <summary>ML.NET skips no 0 rows.</summary>
    IDataView Part(IDataView rows, long first, long count) =>
        count == long.MaxValue ? rows : _ml.Data.TakeRows(first == 0 ? rows : _ml.Data.SkipRows(rows, first), count);
}
