using System.Text;
using static NoisyNN.Pipelines.Reports.ReportPage;

namespace NoisyNN.Pipelines.Reports;

/// <summary>The report over several replicates: means and deviations first, then every replicate, with a link to its own report.</summary>
public static class ReplicatedReport
{
    /// <summary>Renders the page. It loads nothing; the links lead to the reports in the folders beside it.</summary>
    public static string Render(ReplicatedSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var page = new StringBuilder();
        Headline(page, summary);
        Replicates(page, summary);
        Provenance(page, summary);
        return ReportPage.Of(summary.Name, page);
    }

    static void Headline(StringBuilder page, ReplicatedSummary summary)
    {
        page.Append(Opening($"experiment report over {summary.Replicates.Count} {summary.Over}", summary.Name, summary.Claim));
        foreach (var network in summary.Networks)
            page.Append(
                $"""
                <div class="figure {StyleOf(network)}">
                <p class="number">{(
                    network.BatchInvariant
                        ? $"{Percent(network.Test.Mean)} <span class=\"deviation\">± {Deviation(network.Test)}</span>"
                        : "transductive"
                )}</p>
                <p class="what"><b>{Text(network.Name)}</b>, {(
                    network.BatchInvariant
                        ? $"{Judged(summary)} with noise off"
                        : "no accuracy of its own: a prediction depends on the rest of its batch"
                )}</p>
                <p class="small">{(
                    network.Validation is { } validation ? $"validation {Percent(validation.Mean)} ± {Deviation(validation)} · " : ""
                )}{Text(network.Noise)}, {network.Parameters:N0} parameters</p>
                </div>
                """
            );
        page.Append("</div>\n");
        if (summary.Difference is { } difference)
            page.Append(
                $"""
                <p class="verdict">Noisy minus vanilla: {Points(difference.Test.Mean)} ± {Deviation(
                    difference.Test
                )} percentage points, paired. {Text(difference.Verdict)}</p>

                """
            );
        page.Append(
            $"""
            <p class="small">Mean ± standard deviation (n − 1) over {summary.Replicates.Count} {summary.Over}: how far apart runs lie, not how sure the mean is.{(summary.Over == ReplicatedSummary.Folds
                ? " No network was judged on a row that it had seen; folds share training rows, so that their figures are not independent." : "")} In every run the epoch was chosen on validation rows alone.</p>
            </header>

            """
        );
    }

    static void Replicates(StringBuilder page, ReplicatedSummary summary)
    {
        var hasLeak = summary.Replicates.All(replicate => replicate.Summary.LeakIndex is not null);
        page.Append(
            $"""
            <section>
            <h2>Every run</h2>
            {Chart(summary)}
            <div class="scroll"><table>
            <thead><tr><th>run</th>
            """
        );
        foreach (var network in summary.Networks)
            page.Append($"""<th class="n">{Text(network.Name)}: validation</th><th class="n">test</th>""");
        page.Append(
            $"""{(summary.Difference is null ? "" : "<th class=\"n\">noisy − vanilla</th>")}{(hasLeak ? "<th class=\"n\">leak index</th>" : "")}<th class="n">seconds</th></tr></thead><tbody>"""
        );
        for (var i = 0; i < summary.Replicates.Count; i++)
        {
            var replicate = summary.Replicates[i];
            page.Append($"""<tr><td><a href="{Text(replicate.Name)}/report.html">{Text(replicate.Title)}</a></td>""");
            foreach (var run in summary.Networks.Select(network => replicate.Run(network.Name)!))
                page.Append(
                    $"""<td class="n">{Percent(run.ValidationAccuracy ?? double.NaN)}</td><td class="n">{Percent(run.TestAccuracy)}{run.Mark}</td>"""
                );
            if (summary.Difference is { } difference)
                page.Append($"""<td class="n">{Points(difference.Each[i])}</td>""");
            if (hasLeak)
                page.Append($"""<td class="n">{Points(replicate.Summary.LeakIndex!.Value)}</td>""");
            page.Append($"""<td class="n">{replicate.Summary.Runs.Sum(run => run.TrainSeconds):F0}</td></tr>""");
        }
        page.Append("</tbody></table></div>\n");
        if (hasLeak)
            page.Append(
                "<p class=\"small\">Leak index: accuracy in class-sorted order minus that in shuffled order with the declared noise at inference, in percentage points.</p>\n"
            );
        page.Append("</section>\n\n");
    }

    /// <summary>Without the networks whose accuracy is no property of the images: a dot cannot say so.</summary>
    static string Chart(ReplicatedSummary summary)
    {
        var networks = summary.Networks.Where(network => network.BatchInvariant).ToList();
        if (networks.Count == 0)
            return "";
        var chart = new DotChart(
            "Accuracy of every run",
            [
                .. networks.Select(network => new DotChart.Series(
                    network.Name,
                    StyleOf(network),
                    [.. summary.Replicates.Select(replicate => replicate.Run(network.Name)!.Test)]
                )),
            ],
            value => $"{Number(value * 100)} %"
        );
        var pairs = networks.Count > 1 ? "; a line joins the networks of one run, which share seed and rows" : "";
        return $"""<figure class="wide">{chart.ToSvg()}<figcaption>{Judged(summary, capital: true)}, noise off: a dot for each run, the bar is their mean{pairs}</figcaption></figure>""";
    }

    static void Provenance(StringBuilder page, ReplicatedSummary summary)
    {
        var first = summary.Replicates[0].Summary;
        page.Append(
            $"""
            <section class="provenance">
            <h2>To repeat it</h2>
            <pre>{Text(summary.Command)}</pre>
            <p class="small">Data: {Text(
                first.Dataset.Name
            )}, {first.Dataset.Train:N0} train, {first.Dataset.Validation:N0} validation, {first.Dataset.Test:N0} test rows,
            sha256 <code>{Text(first.Dataset.Sha256)}</code>. {summary.Processes} side by side, each on {first.Engines.Threads} thread{(
                first.Engines.Threads == 1 ? "" : "s"
            )}.
            Engines: ML.NET {Text(first.Engines.Mlnet)}, TorchSharp {Text(first.Engines.Torch)}, ONNX Runtime {Text(
                first.Engines.Onnxruntime
            )},
            {Text(
                first.Engines.Device
            )}. Finished {summary.Finished.UtcDateTime:yyyy-MM-dd HH:mm} UTC after {summary.TotalSeconds:F0} s.</p>
            </section>

            """
        );
    }

    static string Judged(ReplicatedSummary summary, bool capital = false) =>
        summary.Over == ReplicatedSummary.Seeds
            ? $"{(capital ? "T" : "t")}est accuracy"
            : $"{(capital ? "A" : "a")}ccuracy on the fold that judged";

    /// <summary>In percentage points.</summary>
    static string Deviation(MeanAndDeviation figure) => FormattableString.Invariant($"{figure.StandardDeviation * 100:0.00}");

    static string StyleOf(NetworkSummary network) => network.Name == "vanilla" ? "vanilla" : "noisy";
}
