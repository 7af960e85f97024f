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
            .OfType<EpochFigure>()
            .GroupBy(point => point.Network, point => point.Figure)
            .Select((values, index) => (Style(values.Key, index), (IReadOnlyList<double>)[.. values]));

    /// <summary>The figure of a line; null for one that has none, and for one that was cut off.</summary>
    static EpochFigure? Read(string line)
    {
        try
        {
            return EpochFigure.Parse(line);
        }
        catch (JsonException)
        {
            // The page shows the course; the file itself is in the folder of the run.
            return null;
        }
    }

    static string Style(string name, int index) => index == 0 ? ReportFigures.StyleOf(name) : "noisy";
}
