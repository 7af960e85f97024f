using System.Text.Json;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports.Charts;
using NoisyNN.Pipelines.Reports.Templates;

namespace NoisyNN.Pipelines.Experiments.Listing;

/// <summary>What a run's row shows as a small drawing.</summary>
static class RunCurves
{
    /// <summary>The validation figures over the epochs of a single run, or a dot for each trial of a run of several.</summary>
    public static string Draw(RunRecord run) =>
        File.Exists(MetricsOf(run))
            ? new SparkLine($"validation figures of {run.Name} over its epochs", [.. Courses(run)]).ToSvg()
            : new SparkDots(
                $"test figures of the trials of {run.Name}",
                [.. run.Figures.Select((figure, index) => (Style(figure.Name, index), figure.Each))]
            ).ToSvg();

    /// <summary>The reports of a single run; a run of several trials has none of its own.</summary>
    static string MetricsOf(RunRecord run) => Path.Combine(run.Folder, MetricsLog.FileName);

    static IEnumerable<(string Style, IReadOnlyList<double> Values)> Courses(RunRecord run) =>
        File.ReadLines(MetricsOf(run))
            .Select(Read)
            .OfType<(string Network, double Value)>()
            .GroupBy(point => point.Network, point => point.Value)
            .Select((values, index) => (Style(values.Key, index), (IReadOnlyList<double>)[.. values]));

    /// <summary>The validation figure of the end of an epoch; null for another line, and for one that was cut off.</summary>
    static (string Network, double Value)? Read(string line)
    {
        try
        {
            using var report = JsonDocument.Parse(line);
            return PointOf(report.RootElement);
        }
        catch (JsonException)
        {
            // The page shows the course; the file itself is in the folder of the run.
            return null;
        }
    }

    static (string Network, double Value)? PointOf(JsonElement report) =>
        report.ValueKind is JsonValueKind.Object
        && report.TryGetProperty("epochCompleted", out var isEnd)
        && isEnd.ValueKind is JsonValueKind.True
        && report.TryGetProperty("run", out var network)
        && (report.TryGetProperty("validationAccuracy", out var value) || report.TryGetProperty("validationBound", out value))
        && value.ValueKind is JsonValueKind.Number
            ? (network.GetString()!, value.GetDouble())
            : null;

    static string Style(string name, int index) => index == 0 ? ReportFigures.StyleOf(name) : "noisy";
}
