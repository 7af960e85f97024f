using Microsoft.ML;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Pipelines.Scoring;

/// <summary>The rows to compare two models on.</summary>
/// <param name="Source">The rows; null if there are none.</param>
/// <param name="Absence">The reason why there are none, as a sentence; null if there are rows.</param>
sealed record JudgingRows(DataSource? Source, string? Absence)
{
    /// <summary>No rows, because no comparison is possible.</summary>
    public static JudgingRows None { get; } = new(null, null);

    /// <summary>Loads the rows. The data of a run may be gone if the user did not ask for a comparison.</summary>
    /// <param name="ml">The context of the views.</param>
    /// <param name="request">The model, and the rows that the command line asks for.</param>
    /// <param name="model">The opened model.</param>
    /// <param name="cancellation">Stops loading.</param>
    public static JudgingRows Load(MLContext ml, DataRequest request, ModelFile model, CancellationToken cancellation)
    {
        try
        {
            var rows = DataSource.Load(ml, request, model.Shape, cancellation);
            model.RequireClasses(rows);
            return new(rows, null);
        }
        catch (Exception absent)
            when (request is { Source: null, Split: null } && absent is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return new(null, $"{OneLine.Of(absent).TrimEnd('.')}.");
        }
    }
}
