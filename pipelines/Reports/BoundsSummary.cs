using System.Text.Json;

namespace NoisyNN.Pipelines.Reports;

/// <summary>What a comparison of autoencoders found, as <c>summary.json</c> holds it.</summary>
public sealed record BoundsSummary : RunProvenance
{
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
    string Posterior,
    double TrainingBound,
    double LogLikelihood,
    double Divergence,
    double? ValidationBound,
    double TestBound,
    double? TestImportanceBound,
    int Epochs,
    long Parameters,
    double TrainSeconds
);
