using System.Text;
using static System.FormattableString;
using static NoisyNN.Pipelines.Reports.Charts.Markup;

namespace NoisyNN.Pipelines.Reports.Charts;

/// <summary>
/// A small dot chart as inline SVG: a row for each series, a dot for each replicate, a thin line between the dots of the same replicate, an
/// upright bar at the mean.
/// </summary>
sealed record DotChart(string Title, IReadOnlyList<DotChart.Series> Rows, Func<double, string> Format)
{
    internal sealed record Series(string Name, string Style, IReadOnlyList<double> Values);

    const double Width = 620,
        Right = 24,
        Top = 26,
        RowHeight = 52,
        Bottom = 30;

    // SVG has no widths of text before it is drawn: a letter of the labels' bold 12 takes about 7.5.
    double Left => Math.Max(84, 22 + 7.5 * Rows.Max(row => row.Name.Length));

    public string ToSvg()
    {
        var values = Rows.SelectMany(row => row.Values).ToArray();
        var ticks = LineChart.Ticks(values.Min(), values.Max());
        var (low, high) = (ticks[0], ticks[^1]);
        var height = Top + RowHeight * (Rows.Count - 1) + Bottom + 20;

        double X(double value) => Left + (value - low) / (high - low) * (Width - Left - Right);
        double Y(int row) => Top + RowHeight * row;

        var svg = new StringBuilder();
        svg.Append(
            Invariant(
                $"""<svg class="dots" viewBox="0 0 {Width} {height}" role="img" aria-label="{Text(Title)}"><title>{Text(Title)}</title>"""
            )
        );
        foreach (var tick in ticks)
        {
            svg.Append(Invariant($"""<line class="grid" x1="{X(tick):F1}" x2="{X(tick):F1}" y1="6" y2="{height - Bottom}"/>"""));
            svg.Append(Invariant($"""<text class="tick" text-anchor="middle" x="{X(tick):F1}" y="{height - 10}">{Format(tick)}</text>"""));
        }
        for (var row = 1; row < Rows.Count; row++)
        for (var i = 0; i < Rows[row].Values.Count; i++)
            svg.Append(
                Invariant(
                    $"""<line class="pair" x1="{X(Rows[row - 1].Values[i]):F1}" y1="{Y(row - 1)}" x2="{X(Rows[row].Values[i]):F1}" y2="{Y(row)}"/>"""
                )
            );
        for (var row = 0; row < Rows.Count; row++)
        {
            var (name, style, dots) = Rows[row];
            svg.Append(
                Invariant($"""<text class="label {style}" text-anchor="end" x="{Left - 16}" y="{Y(row) + 4}">{Text(name)}</text>""")
            );
            svg.Append(
                Invariant(
                    $"""<line class="mean {style}" x1="{X(dots.Average()):F1}" x2="{X(dots.Average()):F1}" y1="{Y(row) - 13}" y2="{Y(row) + 13}"/>"""
                )
            );
            foreach (var dot in dots)
                svg.Append(Invariant($"""<circle class="dot {style}" cx="{X(dot):F1}" cy="{Y(row)}" r="4.5"/>"""));
        }
        return svg.Append("</svg>").ToString();
    }
}
