using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Pipelines.Reports.Charts;

namespace NoisyNN.Pipelines.Reports;

/// <summary>The report of a comparison of autoencoders: one page that loads nothing.</summary>
static class BoundsReport
{
    sealed record DrawnChart(string Title, string Drawing);

    // The colours of the two networks of an experiment.
    static readonly string[] s_styles = ["vanilla", "noisy"];

    /// <param name="summary">All figures.</param>
    /// <param name="epochs">The course of each training, in the order of the summary's bounds.</param>
    public static string Render(BoundsSummary summary, IReadOnlyList<IReadOnlyList<InformationVaeMetrics>> epochs)
    {
        return ReportTemplate.Render(
            "bounds",
            new
            {
                Summary = summary,
                Styles = s_styles,
                Charts = new[]
                {
                    Chart("Bound of training rows, nats", metrics => metrics.Bound),
                    Chart("Bound of validation rows, nats", metrics => metrics.ValidationBound ?? double.NaN),
                    Chart("Divergence of training rows, nats", metrics => metrics.Divergence),
                }.Where(chart => chart.Drawing.Length > 0),
            }
        );

        DrawnChart Chart(string title, Func<InformationVaeMetrics, double> value) =>
            new(
                title,
                new LineChart(
                    title,
                    [
                        .. summary
                            .Bounds.Zip(epochs, s_styles)
                            .Select(row => new LineChart.Series(
                                row.First.Posterior,
                                row.Third,
                                [.. row.Second.Select(epoch => ((double)epoch.Epoch, value(epoch)))]
                            )),
                    ],
                    ReportFigures.Number
                ).ToSvg()
            );
    }
}
