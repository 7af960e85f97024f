using System.Text.Json;
using System.Text.Json.Serialization;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Pipelines.Experiments.Claims;

/// <summary>What the evidence says about a claim.</summary>
public enum ClaimVerdict
{
    /// <summary>The evidence allows no other verdict.</summary>
    Open,

    /// <summary>The claim holds here.</summary>
    Supported,

    /// <summary>The claim does not hold here.</summary>
    Refuted,
}

/// <summary>A claim with its verdict, and all that is needed to judge the verdict.</summary>
/// <param name="Name">The name of the claim.</param>
/// <param name="Paper">The paper that makes it.</param>
/// <param name="Claim">The claim in one sentence.</param>
/// <param name="Source">Where it is made.</param>
/// <param name="Rule">The rule of the verdict.</param>
/// <param name="Expected">The result that was expected before the first run.</param>
/// <param name="Minutes">The budget of the full form.</param>
/// <param name="Form">"full" or "quick": the run that the verdict comes from; null if the claim has not been run.</param>
/// <param name="Verdict">The verdict; null if the claim has not been run.</param>
/// <param name="Unit">The unit of the effects: fractions, or nats.</param>
/// <param name="Effects">Each comparison.</param>
/// <param name="Figure">The figure of a command; null of an experiment.</param>
/// <param name="Low">The lower end of the figure's interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Seeds">The seeds or folds.</param>
/// <param name="Engines">The versions that were used.</param>
/// <param name="Dataset">The data, with their SHA-256.</param>
/// <param name="Seconds">What the run cost: seconds of all trainings together, or of the command.</param>
/// <param name="Finished">When the run ended.</param>
/// <param name="Folder">The folder of the run.</param>
/// <param name="Command">The command line that repeats it.</param>
public sealed record ClaimResult(
    string Name,
    string Paper,
    string Claim,
    string Source,
    string Rule,
    string Expected,
    int Minutes,
    string? Form = null,
    ClaimVerdict? Verdict = null,
    string? Unit = null,
    IReadOnlyList<ClaimEffect>? Effects = null,
    double? Figure = null,
    double? Low = null,
    double? High = null,
    IReadOnlyList<string>? Seeds = null,
    EngineSummary? Engines = null,
    DataSetSummary? Dataset = null,
    double? Seconds = null,
    DateTimeOffset? Finished = null,
    string? Folder = null,
    string? Command = null
)
{
    static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        WriteIndented = true,
    };

    /// <summary>Results as an indented JSON array with camel-case keys.</summary>
    public static string ToJson(IReadOnlyList<ClaimResult> results) => JsonSerializer.Serialize(results, s_json);
}

/// <summary>One comparison of a claim.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="Effect">What the differences say.</param>
public sealed record ClaimEffect(string Name, Effect Effect);
