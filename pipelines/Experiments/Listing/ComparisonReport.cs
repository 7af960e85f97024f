using NoisyNN.Pipelines.Reports.Charts;
using NoisyNN.Pipelines.Reports.Templates;
using static NoisyNN.Pipelines.Reports.Templates.ReportFigures;

namespace NoisyNN.Pipelines.Experiments.Listing;

/// <summary>The page over several runs: the settings that differ, the figures with their intervals, and the curves over each other.</summary>
static class ComparisonReport
{
    // More lines cover each other.
    const int MostCurves = 8;

    static readonly string[] s_styles = ["vanilla", "noisy", "third"];

    /// <summary>Renders the page. It loads nothing.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="settings">The settings that differ.</param>
    /// <exception cref="InvalidDataException">A file of reports is damaged.</exception>
    public static string Render(IReadOnlyList<RunRecord> runs, IReadOnlyList<(string Key, IReadOnlyList<string> Values)> settings)
    {
        var figures = runs.SelectMany(run => run.Figures.Select(figure => (Run: run, Figure: figure))).ToList();
        var isBound = figures.Any(row => row.Figure.Unit is not null);
        return ReportTemplate.Render(
            "compare",
            new
            {
                Summary = new { Name = string.Join(", ", runs.Select(run => run.Name)), Claim = (string?)null },
                Runs = runs.Select(run => new { run.Name, run.Data }),
                Settings = settings.Select(setting => new
                {
                    setting.Key,
                    Values = setting.Values.Select(value => value.Length > 0 ? value : "–"),
                }),
                Figures = figures.Select(row => new
                {
                    Run = row.Run.Name,
                    row.Figure.Name,
                    row.Figure.Mean,
                    row.Figure.Deviation,
                    row.Figure.Each.Count,
                    Low = row.Run.IntervalOf(row.Figure)?.Low,
                    High = row.Run.IntervalOf(row.Figure)?.High,
                    IsBound = row.Figure.Unit is not null,
                }),
                IsUnfinished = runs.Any(run => run.Finished is null),
                HasOtherData = runs.Select(run => run.DataSha256).OfType<string>().Distinct().Count() > 1,
                Chart = Chart(runs, isBound),
                MostCurves,
            }
        );
    }

    static string? Chart(IReadOnlyList<RunRecord> runs, bool isBound)
    {
        var lines = runs.SelectMany(run => RunCurve.Read(run).Select(curve => (run.Name, Curve: curve)))
            .Take(MostCurves)
            .Select(
                (line, index) =>
                    new LineChart.Series(
                        $"{line.Name} {line.Curve.Name}",
                        s_styles[index % s_styles.Length],
                        [.. line.Curve.Epochs.Select(point => ((double)point.Epoch, point.Figure))]
                    )
            )
            .ToList();
        return lines.Count == 0
            ? null
            : new LineChart(
                "Validation rows, epoch by epoch",
                lines,
                value => isBound ? Number(value) : $"{Number(value * 100)} %"
            ).ToSvg();
    }
}
