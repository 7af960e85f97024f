using NoisyNN.Pipelines.Reports.Charts;
using NoisyNN.Pipelines.Reports.Templates;
using static NoisyNN.Pipelines.Reports.Templates.ReportFigures;

namespace NoisyNN.Pipelines.Reports;

/// <summary>The report over several replicates: means and deviations first, then every replicate, with a link to its own report.</summary>
public static class ReplicatedReport
{
    /// <summary>Renders the page. It loads nothing; the links lead to the reports in the folders beside it.</summary>
    public static string Render(ReplicatedSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        // A dot cannot say that an accuracy is no property of the images.
        var drawn = summary.Networks.Where(network => network.BatchInvariant).ToList();
        var isBound = summary.Networks.All(network => network.Unit is not null);
        return ReportTemplate.Render(
            "replicated",
            new
            {
                Summary = summary,
                IsBound = isBound,
                Chart = drawn.Count == 0 ? null : Chart(summary, drawn, isBound),
                Pairs = drawn.Count > 1 ? "; a line joins the networks of one run, which share seed and rows" : "",
                HasLeak = summary.Replicates.All(replicate => replicate.Summary.LeakIndex is not null),
                Replicates = summary.Replicates.Select(
                    (replicate, index) =>
                        new
                        {
                            replicate.Name,
                            replicate.Title,
                            Runs = summary
                                .Networks.Select(network => replicate.Run(network.Name)!)
                                .Select(run => new
                                {
                                    run.Validation,
                                    run.Test,
                                    run.BatchInvariant,
                                }),
                            Difference = summary.Difference?.Each[index],
                            replicate.Summary.LeakIndex,
                            Seconds = replicate.Summary.Runs.Sum(run => run.TrainSeconds),
                        }
                ),
            }
        );
    }

    static string Chart(ReplicatedSummary summary, IEnumerable<NetworkSummary> networks, bool isBound) =>
        new DotChart(
            $"{(isBound ? "Bound" : "Accuracy")} of every run",
            [
                .. networks.Select(network => new DotChart.Series(
                    network.Name,
                    StyleOf(network.Name),
                    [.. summary.Replicates.Select(replicate => replicate.Run(network.Name)!.Test)]
                )),
            ],
            value => isBound ? Number(value) : $"{Number(value * 100)} %"
        ).ToSvg();
}
