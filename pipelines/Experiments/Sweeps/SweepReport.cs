using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Reports.Charts;
using NoisyNN.Pipelines.Reports.Templates;
using static NoisyNN.Pipelines.Reports.Templates.ReportFigures;

namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>The report over a sweep: settings first, then every trial, with a link to its own report.</summary>
public static class SweepReport
{
    // More rows than a page shows at once are a table and no chart.
    const int MostDrawn = 24;

    /// <summary>Renders the page. It loads nothing; the links lead to the reports in the folders beside it.</summary>
    public static string Render(SweepSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var isBound = summary.Unit is not null;
        return ReportTemplate.Render(
            "sweep",
            new
            {
                Summary = summary,
                Run = summary,
                IsBound = isBound,
                Chart = summary.Points.Count is > 1 and <= MostDrawn ? Chart(summary, isBound) : null,
                Settings = SettingCharts(summary, isBound),
                Comparisons = summary.Comparisons.Select(comparison => new
                {
                    comparison.Point,
                    comparison.Reference,
                    comparison.Effect.Mean,
                    comparison.Effect.Interval?.Low,
                    comparison.Effect.Interval?.High,
                    PValue = comparison.Effect.PValue is { } p ? EffectText.Probability(p) : "",
                    comparison.Effect.SmallestDetectable,
                    comparison.Effect.Count,
                    Verdict = EffectText.Word(comparison.Effect.Verdict),
                }),
                Trials = summary.Trials.Select(trial => new
                {
                    trial.Index,
                    trial.Name,
                    trial.Validation,
                    trial.Test,
                    trial.Seconds,
                    IsStopped = trial.State is TrialState.Stopped,
                    trial.Cause,
                    Settings = string.Join(", ", trial.Settings.Select(setting => $"{setting.Key} {setting.Value}")),
                }),
            }
        );
    }

    /// <summary>A chart for each setting that has several values.</summary>
    static IEnumerable<string> SettingCharts(SweepSummary summary, bool isBound) =>
        from key in summary.Trials.SelectMany(trial => trial.Settings.Keys).Distinct()
        let trials = summary
            .Trials.Where(trial => trial.State is TrialState.Complete && trial.Settings.ContainsKey(key))
            .Select(trial => (trial.Settings[key], trial.Validation!.Value))
            .ToList()
        where trials.Select(trial => trial.Item1).Distinct().Count() > 1
        select new SettingChart(key, trials, value => isBound ? Number(value) : $"{Number(value * 100)} %").ToSvg();

    static string Chart(SweepSummary summary, bool isBound) =>
        new DotChart(
            $"{(isBound ? "Bound" : "Accuracy")} of every trial",
            [
                .. summary.Points.Select(
                    (point, index) =>
                        new DotChart.Series(
                            point.Name,
                            index == 0 ? "vanilla" : "noisy",
                            [.. summary.Trials.Where(trial => trial.Point == point.Name).Select(trial => trial.Test!.Value)]
                        )
                ),
            ],
            value => isBound ? Number(value) : $"{Number(value * 100)} %"
        ).ToSvg();
}
