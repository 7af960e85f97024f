using System.Text.Json;

namespace NoisyNN.Pipelines.Reports;

/// <summary>What a comparison of autoencoders found, as <c>summary.json</c> holds it.</summary>
public sealed record BoundsSummary
{
    /// <summary>The comparison's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it claims, in its own words.</summary>
    public string? Claim { get; init; }

    /// <summary>When the run ended.</summary>
    public required DateTimeOffset Finished { get; init; }

    /// <summary>The whole job's wall-clock time in seconds; of a resumed run, since it was resumed.</summary>
    public required double TotalSeconds { get; init; }

    /// <summary>The engines that did the work.</summary>
    public required EngineSummary Engines { get; init; }

    /// <summary>The command line that repeats this run.</summary>
    public required string Command { get; init; }

    /// <summary>The seed that the split, the initial weights, the row order and the codes derive from.</summary>
    public required int Seed { get; init; }

    /// <summary>The data.</summary>
    public required DataSetSummary Dataset { get; init; }

    /// <summary>Draws of the code for each importance-weighted bound; 0 where there are none.</summary>
    public required int Draws { get; init; }

    /// <summary>One entry for each autoencoder; both had the same budget.</summary>
    public required IReadOnlyList<BoundsRow> Bounds { get; init; }

    /// <summary>The summary as indented JSON with camel-case keys.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Summary.Json);
}

/// <summary>One autoencoder of a comparison. All bounds are means over rows, in nats per row.</summary>
/// <param name="Posterior">Which posterior.</param>
/// <param name="TrainingBound">The evidence lower bound over the last epoch.</param>
/// <param name="LogLikelihood">The part of it that reconstruction makes.</param>
/// <param name="Divergence">The part that the code costs.</param>
/// <param name="ValidationBound">The bound of the validation rows after the last epoch.</param>
/// <param name="TestBound">The bound of the test rows, one draw each.</param>
/// <param name="TestImportanceBound">The importance-weighted bound of the test rows; null if it was left out.</param>
/// <param name="Epochs">Passes over the training rows.</param>
/// <param name="Parameters">Trained values.</param>
/// <param name="TrainSeconds">The training alone, that before a resume included.</param>
public sealed record BoundsRow(
    string Posterior, double TrainingBound, double LogLikelihood, double Divergence, double? ValidationBound, double TestBound, double? TestImportanceBound, int Epochs,
    long Parameters, double TrainSeconds);
