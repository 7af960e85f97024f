using System.Text.Json.Serialization;

namespace NoisyNN.Pipelines.Reports;

/// <summary>
/// What every <c>summary.json</c> begins with, whether the run is a single one, several seeds or folds, or a sweep: what it is, its figures,
/// data, engines and the command that repeats it.
/// </summary>
public abstract record RunProvenance
{
    /// <summary>The version of the keys. A new version renames or removes some; further keys come without one.</summary>
    [JsonPropertyOrder(First - 1)]
    public int SchemaVersion => 1;

    /// <summary>"single", "replicated" or "sweep".</summary>
    [JsonPropertyOrder(First)]
    public abstract string Kind { get; }

    /// <summary>The experiment's name.</summary>
    [JsonPropertyOrder(First)]
    public required string Name { get; init; }

    /// <summary>What the experiment claims, in its own words.</summary>
    [JsonPropertyOrder(First)]
    public string? Claim { get; init; }

    /// <summary>When the run ended.</summary>
    [JsonPropertyOrder(First)]
    public required DateTimeOffset Finished { get; init; }

    /// <summary>
    /// The whole job's wall-clock time in seconds, without installation and build; of a resumed run, since it was resumed.
    /// </summary>
    [JsonPropertyOrder(First)]
    public required double TotalSeconds { get; init; }

    /// <summary>The engines that did the work; of several trials, those of the first.</summary>
    [JsonPropertyOrder(First)]
    public required EngineSummary Engines { get; init; }

    /// <summary>The command line that repeats this run.</summary>
    [JsonPropertyOrder(First)]
    public required string Command { get; init; }

    /// <summary>The data; of several trials, those of the first.</summary>
    [JsonPropertyOrder(First)]
    public required DataSetSummary Dataset { get; init; }

    /// <summary>What each network, or each setting of a sweep, is judged by, in the same form for every kind of run.</summary>
    [JsonPropertyOrder(Second)]
    public abstract IReadOnlyList<ResultSummary> Results { get; }

    // The serializer would put what is inherited last.
    private protected const int First = -2,
        Second = -1;
}

/// <summary>What a network, or a setting of a sweep, is judged by: test accuracies, or bounds.</summary>
/// <param name="Name">The network or the setting.</param>
/// <param name="Each">The figure of the test rows for each seed or fold, in their order.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their sample standard deviation, divisor n - 1; null of one.</param>
/// <param name="Validation">The mean figure of the validation rows, which chose the epoch; null without any.</param>
/// <param name="Unit">"nats" of bounds; null of accuracies, which are fractions.</param>
/// <param name="Transductive">True if a prediction depends on the rest of its batch, so that the figures are none of the images.</param>
public sealed record ResultSummary(
    string Name,
    IReadOnlyList<double> Each,
    double Mean,
    double? Deviation,
    double? Validation,
    string? Unit,
    bool? Transductive
)
{
    /// <summary>The result of a network over its seeds or folds, or of a single training.</summary>
    internal static ResultSummary Of(IReadOnlyList<RunSummary> runs) =>
        Of(
            runs[0].Name,
            [.. runs.Select(run => run.Test)],
            runs.All(run => run.Validation is not null) ? runs.Average(run => run.Validation!.Value) : null,
            runs[0].Bound is null ? null : NetworkSummary.Nats,
            runs.All(run => run.BatchInvariant) ? null : true
        );

    internal static ResultSummary Of(string name, IReadOnlyList<double> each, double? validation, string? unit, bool? transductive) =>
        new(
            name,
            each,
            each.Average(),
            each.Count > 1 ? MeanAndDeviation.Of([.. each]).StandardDeviation : null,
            validation,
            unit,
            transductive
        );
}
