using System.Text.Json;
using System.Text.Json.Serialization;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Experiments.Sweeps.Attempts;

/// <summary>How far an attempt is.</summary>
public enum AttemptState
{
    /// <summary>A process is working, or it died without a word.</summary>
    Running,

    /// <summary>The process was asked to stop and kept what it had.</summary>
    Interrupted,

    /// <summary>The process ended with an error.</summary>
    Failed,

    /// <summary>The trial is complete.</summary>
    Complete,
}

/// <summary>What the file of an attempt says.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Process">Whose it is.</param>
/// <param name="Started">When it began, by the clock of its machine.</param>
/// <param name="Heartbeat">When its process was last alive, by the clock of its machine.</param>
/// <param name="Cause">Why it failed.</param>
public sealed record AttemptRecord(
    AttemptState State,
    ProcessIdentity Process,
    DateTimeOffset Started,
    DateTimeOffset Heartbeat,
    string? Cause = null
)
{
    static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The record as a line of JSON.</summary>
    internal string ToJson() => JsonSerializer.Serialize(this, s_json) + "\n";

    /// <summary>Replaces the file.</summary>
    internal void Write(string path) => AtomicFile.WriteText(path, ToJson());

    /// <summary>Reads a file; null if its writer has created it and not yet written, or died in between.</summary>
    internal static AttemptRecord? Read(string path)
    {
        // Without a lock of its own: its writer may be renaming the next version into place.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        try
        {
            return reader.ReadToEnd() is { Length: > 0 } text ? JsonSerializer.Deserialize<AttemptRecord>(text, s_json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
