using System.Text.Json;

namespace NoisyNN.Pipelines.Experiments.Listing;

/// <summary>The figure of the validation rows at the end of an epoch, from a line of <c>metrics.jsonl</c>.</summary>
/// <param name="Network">The network's name in the run.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Figure">An accuracy, or a bound in nats.</param>
sealed record EpochFigure(string Network, int Epoch, double Figure)
{
    /// <summary>The figure; null for a line within an epoch, or without validation rows.</summary>
    /// <exception cref="JsonException">The line is damaged.</exception>
    public static EpochFigure? Parse(string line)
    {
        try
        {
            using var report = JsonDocument.Parse(line);
            var root = report.RootElement;
            return (Number(root, "validationAccuracy") ?? Number(root, "validationBound")) is { } figure
                ? new(root.GetProperty("run").GetString()!, root.GetProperty("epoch").GetInt32(), figure)
                : null;
        }
        catch (Exception damaged) when (damaged is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException(damaged.Message, damaged);
        }
    }

    static double? Number(JsonElement report, string name) =>
        report.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number ? value.GetDouble() : null;
}
