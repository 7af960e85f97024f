using System.Text.Json.Serialization;

namespace NoisyNN.Pipelines.Reports;

/// <summary>
/// What stands beside the figures of every run, first in its <c>summary.json</c>: data, seed, engines and the command that repeats it.
/// </summary>
public abstract record RunProvenance
{
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

    /// <summary>The engines that did the work.</summary>
    [JsonPropertyOrder(First)]
    public required EngineSummary Engines { get; init; }

    /// <summary>The command line that repeats this run.</summary>
    [JsonPropertyOrder(First)]
    public required string Command { get; init; }

    /// <summary>The seed that the split, the initial weights, the row order and the noise derive from.</summary>
    [JsonPropertyOrder(First)]
    public required int Seed { get; init; }

    /// <summary>The data.</summary>
    [JsonPropertyOrder(First)]
    public required DataSetSummary Dataset { get; init; }

    // The serializer would put what is inherited last.
    const int First = -1;
}
