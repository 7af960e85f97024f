using System.Text.Json;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Experiments.Listing;

/// <summary>The course of a network on validation rows: the mean over its trainings, epoch by epoch.</summary>
/// <param name="Name">The network, or the setting of a sweep.</param>
/// <param name="Epochs">The epoch, from 1, and the figure: an accuracy, or a bound in nats.</param>
sealed record RunCurve(string Name, IReadOnlyList<(int Epoch, double Figure)> Epochs)
{
    /// <summary>The curves of a run, from the reports in its folder and in those of its trials.</summary>
    /// <exception cref="InvalidDataException">A file of reports is damaged.</exception>
    public static IReadOnlyList<RunCurve> Read(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        List<EpochFigure> points = File.Exists(Path.Combine(run.Folder, MetricsLog.FileName))
            ? [.. ReportsIn(run.Folder)]
            :
            [
                .. new DirectoryInfo(run.Folder)
                    .EnumerateDirectories()
                    .Where(trial => File.Exists(Path.Combine(trial.FullName, MetricsLog.FileName)))
                    .OrderBy(trial => trial.Name, StringComparer.Ordinal)
                    .SelectMany(trial =>
                        ReportsIn(trial.FullName).Select(report => report with { Network = NameOf(run, trial.Name, report.Network) })
                    ),
            ];
        return
        [
            .. points
                .GroupBy(point => point.Network)
                .Select(network => new RunCurve(
                    network.Key,
                    [
                        .. network
                            .GroupBy(point => point.Epoch)
                            .OrderBy(epoch => epoch.Key)
                            .Select(epoch => (epoch.Key, epoch.Average(point => point.Figure))),
                    ]
                )),
        ];
    }

    /// <summary>In a sweep, figures have the names of settings, with which the folders of their trials begin.</summary>
    static string NameOf(RunRecord run, string trial, string network) =>
        run.Figures.FirstOrDefault(figure => trial == figure.Name || trial.StartsWith($"{figure.Name}.", StringComparison.Ordinal))?.Name
        ?? network;

    static IEnumerable<EpochFigure> ReportsIn(string folder)
    {
        var path = Path.Combine(folder, MetricsLog.FileName);
        foreach (var line in File.ReadLines(path))
            if (Read(path, line) is { } report)
                yield return report;
    }

    static EpochFigure? Read(string path, string line)
    {
        try
        {
            return EpochFigure.Parse(line);
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException($"{path} is damaged ({damaged.Message}). Repeat the run.", damaged);
        }
    }
}
