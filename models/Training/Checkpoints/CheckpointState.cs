using System.Text.Json.Serialization;
using NoisyNN.Models.Layers;

namespace NoisyNN.Models.Training.Checkpoints;

/// <summary>
/// Everything that a training needs to go on as if it had never stopped, apart from the tensors.
/// </summary>
sealed record CheckpointState
{
    /// <summary>What the network learns, such as "classification".</summary>
    public required string Task { get; init; }

    /// <summary>Steps done, over all epochs.</summary>
    public required long Step { get; init; }

    /// <summary>
    /// The epoch in progress, counted from 0, and the steps done in it: the sampler's position, since its order is a function of (seed,
    /// epoch).
    /// </summary>
    public required int Epoch { get; init; }

    public required int StepInEpoch { get; init; }

    public required double ElapsedSeconds { get; init; }

    /// <summary>AdamW's own step counts, in the order of its parameters.</summary>
    public required IReadOnlyList<long> OptimizerSteps { get; init; }

    /// <summary>The options that decide the outcome; a resumed training must repeat them.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>A hash of the training and validation rows.</summary>
    public required string DataHash { get; init; }

    /// <summary>Sums over the epoch in progress.</summary>
    public required EpochTotals Totals { get; init; }

    public required IReadOnlyList<TrainingMetrics> Epochs { get; init; }

    /// <summary>What was measured before the first epoch, until that epoch's report has it.</summary>
    public IReadOnlyList<LayerMeasurement> MeasuredBefore { get; init; } = [];

    /// <summary>The epoch of the best weights, counted from 1; 0 while there are none.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The way of the network's float32 products, which decides the last bits; null where it has none to choose.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<LinearProduct>))]
    public required LinearProduct? LinearProduct { get; init; }

    /// <summary>
    /// The length of metrics.jsonl at this point, which the workspace knows; what follows belongs to steps that will be done again.
    /// </summary>
    public long MetricsLength { get; init; }
}
