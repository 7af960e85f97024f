using Microsoft.ML;
using NoisyNN.Models.Rows;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>Training rows for calibration, in which every class has its share. They show the range of a model's activations.</summary>
/// <param name="Pixels">One row after the other, as the model takes them.</param>
/// <param name="Count">The number of rows.</param>
sealed record CalibrationRows(float[] Pixels, int Count)
{
    /// <param name="ml">The context of the views.</param>
    /// <param name="model">The model.</param>
    /// <param name="request">The request, whose data are used if none are named; without any, the data of its run.</param>
    /// <param name="named">Data by name, or a folder; null for none.</param>
    /// <param name="limit">The most rows.</param>
    /// <param name="cancellation">Stops loading.</param>
    /// <exception cref="UsageException">The command line names no data.</exception>
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
        // The seed of the training excludes its test rows, which judge the quantized model.
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
