using System.Text.Json;
using System.Text.Json.Serialization;

namespace NoisyNN.Pipelines.Reports;

/// <summary>What a run of several replicates found, as its <c>summary.json</c> holds it.</summary>
public sealed record ReplicatedSummary : RunProvenance
{
    /// <summary>Replicates differ in their seed.</summary>
    public const string Seeds = "seeds";

    /// <summary>Replicates differ in the fold that judges: what they call test rows is that fold.</summary>
    public const string Folds = "folds";

    /// <summary>"replicated".</summary>
    [JsonPropertyOrder(First)]
    public override string Kind => "replicated";

    /// <inheritdoc/>
    [JsonPropertyOrder(Second)]
    public override IReadOnlyList<ResultSummary> Results =>
        [.. Networks.Select(network => ResultSummary.Of([.. Replicates.Select(replicate => replicate.Run(network.Name)!)]))];

    /// <summary>What the replicates differ in: seeds or folds.</summary>
    [JsonPropertyOrder(Second)]
    public required string Over { get; init; }

    /// <summary>How many replicates ran side by side.</summary>
    public int Processes { get; init; }

    /// <summary>The figures of each network over the replicates.</summary>
    public required IReadOnlyList<NetworkSummary> Networks { get; init; }

    /// <summary>The second network against the first, which is the vanilla one; null unless both were trained.</summary>
    public DifferenceSummary? Difference { get; init; }

    /// <summary>
    /// The same with the noise of training on in the test, too; null unless that noise is a linear map within each image. A network can
    /// learn to undo such a map, so that a test without it measures a shift of the data.
    /// </summary>
    public DifferenceSummary? DifferenceWithNoise { get; init; }

    /// <summary>Every replicate with all of its own figures.</summary>
    public required IReadOnlyList<ReplicateSummary> Replicates { get; init; }

    /// <summary>The figures over replicates; there are at least two.</summary>
    /// <param name="replicates">Them.</param>
    /// <param name="over">What they differ in: <see cref="Seeds"/> or <see cref="Folds"/>.</param>
    public static ReplicatedSummary Of(IReadOnlyList<ReplicateSummary> replicates, string over)
    {
        ArgumentNullException.ThrowIfNull(replicates);
        var first = replicates[0].Summary;
        var differences = DifferenceSummary.Of(replicates, over);
        return new ReplicatedSummary
        {
            Name = first.Name,
            Claim = first.Claim,
            // Those of the first replicate, until the run over all of them has ended.
            Finished = first.Finished,
            TotalSeconds = first.TotalSeconds,
            Command = first.Command,
            Engines = first.Engines,
            Dataset = first.Dataset,
            Over = over,
            Networks = [.. first.Runs.Select(run => Summarize([.. replicates.Select(replicate => replicate.Run(run.Name)!)]))],
            Difference = differences.ElementAtOrDefault(0),
            DifferenceWithNoise = differences.ElementAtOrDefault(1),
            Replicates = replicates,
        };
    }

    /// <summary>The summary as indented JSON with camel-case keys.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Summary.Json);

    static NetworkSummary Summarize(IReadOnlyList<RunSummary> runs) =>
        new(
            runs[0].Name,
            runs[0].Noise,
            runs[0].Parameters,
            runs.All(run => run.Validation is not null) ? MeanAndDeviation.Of([.. runs.Select(run => run.Validation!.Value)]) : null,
            MeanAndDeviation.Of([.. runs.Select(run => run.Test)]),
            runs.All(run => run.BatchInvariant)
        )
        {
            Unit = runs[0].Bound is null ? null : NetworkSummary.Nats,
        };
}

/// <summary>
/// One network over the replicates: its accuracies, or the bounds of an autoencoder. Where predictions are not invariant to the batch
/// that a
/// row is in, the accuracies are no property of the images.
/// </summary>
public sealed record NetworkSummary(
    string Name,
    string Noise,
    long Parameters,
    MeanAndDeviation? Validation,
    MeanAndDeviation Test,
    bool BatchInvariant
)
{
    /// <summary>The unit of bounds.</summary>
    internal const string Nats = "nats";

    /// <summary>The unit of the figures: "nats" of bounds; null for accuracies, which are fractions.</summary>
    public string? Unit { get; init; }
}

/// <summary>One replicate.</summary>
/// <param name="Name">Its folder inside the folder of the run.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Summary">All that it found.</param>
public sealed record ReplicateSummary(string Name, string Title, Summary Summary)
{
    /// <summary>A training by its name; null if there was none.</summary>
    public RunSummary? Run(string name) => Summary.Runs.FirstOrDefault(run => run.Name == name);
}
