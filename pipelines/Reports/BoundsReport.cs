using System.Globalization;
using System.Text;
using NoisyNN.Models.Networks.Autoencoder;
using static NoisyNN.Pipelines.Reports.ReportPage;

namespace NoisyNN.Pipelines.Reports;

/// <summary>The report of a comparison of autoencoders: one page that loads nothing.</summary>
static class BoundsReport
{
    // The colours of the two networks of an experiment.
    static readonly string[] s_styles = ["vanilla", "noisy"];

    /// <param name="summary">All figures.</param>
    /// <param name="epochs">The course of each training, in the order of the summary's bounds.</param>
    public static string Render(BoundsSummary summary, IReadOnlyList<IReadOnlyList<InformationVaeMetrics>> epochs)
    {
        var page = new StringBuilder();
        Headline(page, summary);
        Bounds(page, summary);
        Courses(page, summary, epochs);
        Provenance(page, summary);
        return ReportPage.Of(summary.Name, page);
    }

    static void Headline(StringBuilder page, BoundsSummary summary)
    {
        page.Append(Opening("comparison of autoencoders", summary.Name, summary.Claim));
        foreach (var (row, style) in summary.Bounds.Zip(s_styles))
            page.Append(
                $"""
                <div class="figure {style}">
                <p class="number">{Nats(row.TestBound)} nats</p>
                <p class="what"><b>{Text(row.Posterior)}</b>, evidence lower bound of a test image</p>
                <p class="small">{(
                    row.TestImportanceBound is { } weighted ? $"{Nats(weighted)} weighted over {summary.Draws} draws · " : ""
                )}{row.Parameters:N0} parameters</p>
                </div>
                """
            );
        page.Append(
            $"""
            </div>
            <p class="small">Means over {summary.Dataset.Test:N0} test rows that chose nothing; higher is better. A pixel x/255 counts as a share of ones (Bernoulli). One seed ({summary.Seed}):
            a small difference is no finding.</p>
            </header>

            """
        );
    }

    static void Bounds(StringBuilder page, BoundsSummary summary)
    {
        page.Append(
            """
            <section>
            <h2>What the bounds are made of</h2>
            <div class="scroll"><table>
            <thead><tr><th>posterior</th><th class="n">training</th><th class="n">= log-likelihood</th><th class="n">− divergence</th><th class="n">validation</th><th class="n">test</th><th class="n">test, weighted</th><th class="n">epochs</th><th class="n">trained in</th></tr></thead>
            <tbody>
            """
        );
        foreach (var row in summary.Bounds)
            page.Append(
                $"""
                <tr><td>{Text(row.Posterior)}</td><td class="n">{Nats(row.TrainingBound)}</td><td class="n">{Nats(
                    row.LogLikelihood
                )}</td><td class="n">{Nats(row.Divergence)}</td>
                <td class="n">{Nats(row.ValidationBound)}</td><td class="n">{Nats(row.TestBound)}</td><td class="n">{Nats(
                    row.TestImportanceBound
                )}</td><td class="n">{row.Epochs}</td><td class="n">{row.TrainSeconds.ToString(
                    "0",
                    CultureInfo.InvariantCulture
                )} s</td></tr>
                """
            );
        page.Append(
            """
            </tbody></table></div>
            <p class="small">Nats per image. The divergence is what a code tells of its image and what it costs to be unlike the prior. Training figures are those of the last epoch, as rows went by.</p>
            </section>

            """
        );
    }

    static void Courses(StringBuilder page, BoundsSummary summary, IReadOnlyList<IReadOnlyList<InformationVaeMetrics>> epochs)
    {
        page.Append(
            $"""
            <section>
            <h2>Training</h2>
            <div class="charts">
            {Chart("Bound of training rows, nats", metrics => metrics.Bound)}
            {Chart("Bound of validation rows, nats", metrics => metrics.ValidationBound ?? double.NaN)}
            {Chart("Divergence of training rows, nats", metrics => metrics.Divergence)}
            </div>
            </section>

            """
        );

        string Chart(string title, Func<InformationVaeMetrics, double> value)
        {
            var lines = summary
                .Bounds.Zip(epochs, s_styles)
                .Select(row => new LineChart.Series(
                    row.First.Posterior,
                    row.Third,
                    [.. row.Second.Select(epoch => ((double)epoch.Epoch, value(epoch)))]
                ));
            var svg = new LineChart(title, [.. lines], Number).ToSvg();
            return svg.Length == 0 ? "" : $"<figure><figcaption>{title}</figcaption>{svg}</figure>";
        }
    }

    static void Provenance(StringBuilder page, BoundsSummary summary) =>
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            <section>
            <h2>Where the figures come from</h2>
            <p>{Text(
                summary.Dataset.Name
            )}: {summary.Dataset.Train:N0} rows to train on, {summary.Dataset.Validation:N0} to validate, {summary.Dataset.Test:N0} to judge; SHA-256 <code>{summary.Dataset.Sha256}</code>.
            ML.NET {Text(summary.Engines.Mlnet)}, TorchSharp {Text(summary.Engines.Torch)}, {Text(
                summary.Engines.Device
            )}, {summary.Engines.Threads} threads.
            {summary.Finished:yyyy-MM-dd HH:mm} UTC, {summary.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s.</p>
            <pre>{Text(summary.Command)}</pre>
            </section>

            """
        );

    static string Nats(double? value) => value is { } nats ? nats.ToString("F2", CultureInfo.InvariantCulture) : "–";
}
