using Microsoft.ML;
using NoisyNN.Models.Rows;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>Training rows, of each class its share, that tell which ranges a model's activations have.</summary>
/// <param name="Pixels">Row after row, as the model takes them.</param>
/// <param name="Count">How many rows.</param>
sealed record CalibrationRows(float[] Pixels, int Count)
{
    /// <param name="ml">The context of the views.</param>
    /// <param name="model">The model.</param>
    /// <param name="request">Whose data are taken where none are named: the request's or, without any, those of its run.</param>
    /// <param name="named">Data by name, or a folder; null for none.</param>
    /// <param name="limit">The most rows.</param>
    /// <param name="cancellation">Stops loading.</param>
    /// <exception cref="UsageException">There are no data to take.</exception>
    /// <exception cref="InvalidDataException">The images do not fit the model, or there are no training rows.</exception>
    public static CalibrationRows Read(
        MLContext ml,
        ModelFile model,
        DataRequest request,
        string? named,
        int limit,
        CancellationToken cancellation
    )
    {
        var run = DataSource.ExperimentOf(request.Model);
        // The seed of the training keeps its test rows out, which are to judge what comes of it.
        var images =
            (named ?? request.Source) is { } source
                ? TrainingImages.Load(ml, source, limit, run?.Seed ?? request.Seed ?? 1, cancellation, model.Shape)
            : run is not null
                ? ImageData.Load(ml, run.Data with { TrainLimit = Math.Min(limit, run.Data.TrainLimit ?? limit) }, run.Seed, cancellation)
            : throw new UsageException("--calibration needs data: name some, or give --data.");
        DataSource.RequireShape(images, model.Shape);
        using var rows = RowStore.Read(images.Train, new() { Role = "calibration", CancellationToken = cancellation });
        return new([.. Enumerable.Range(0, rows.Count).SelectMany(row => model.AsInput(rows.ValuesOf(row)))], rows.Count);
    }
}
