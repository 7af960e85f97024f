using System.Text;
using static System.FormattableString;
using static NoisyNN.Pipelines.Reports.Charts.Markup;

namespace NoisyNN.Pipelines.Reports.Charts;

/// <summary>Points in a plane before and after a change as inline SVG: a ring, a dot, and a line between the two. Both axes have one scale.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Horizontal">The title of the horizontal axis.</param>
/// <param name="Vertical">The title of the vertical axis.</param>
/// <param name="Before">The points before.</param>
/// <param name="After">The same points after.</param>
sealed record DisplacementChart(
    string Title,
    string Horizontal,
    string Vertical,
    IReadOnlyList<(double X, double Y)> Before,
    IReadOnlyList<(double X, double Y)> After
)
{
    const double Width = 620,
        Height = 360,
        Left = 30,
        Bottom = 28,
        Margin = 10;

    public string ToSvg()
    {
        var all = Before.Concat(After).ToList();
        var (left, right) = (all.Min(point => point.X), all.Max(point => point.X));
        var (low, high) = (all.Min(point => point.Y), all.Max(point => point.Y));
        var scale = Math.Min(Across / Math.Max(right - left, 1e-9), Up / Math.Max(high - low, 1e-9));
        var svg = new StringBuilder(
            Invariant(
                $"""<svg class="plane" viewBox="0 0 {Width} {Height}" role="img" aria-label="{Text(Title)}"><title>{Text(Title)}</title>"""
            )
        );
        svg.Append(Invariant($"""<rect class="frame" x="{Left}" y="2" width="{Width - Left - 2}" height="{Height - Bottom - 2}"/>"""));
        foreach (var (before, after) in Before.Zip(After))
            svg.Append(
                Invariant($"""<line class="pair" x1="{X(before):F1}" y1="{Y(before):F1}" x2="{X(after):F1}" y2="{Y(after):F1}"/>""")
            );
        foreach (var point in Before)
            svg.Append(Invariant($"""<circle class="ring" cx="{X(point):F1}" cy="{Y(point):F1}" r="3"/>"""));
        foreach (var point in After)
            svg.Append(Invariant($"""<circle class="dot noisy" cx="{X(point):F1}" cy="{Y(point):F1}" r="2.6"/>"""));
        svg.Append(
            Invariant($"""<text class="tick" text-anchor="middle" x="{(Left + Width) / 2}" y="{Height - 8}">{Text(Horizontal)}</text>""")
        );
        svg.Append(
            Invariant(
                $"""<text class="tick" text-anchor="middle" transform="translate(16,{(Height - Bottom) / 2}) rotate(-90)">{Text(Vertical)}</text>"""
            )
        );
        return svg.Append("</svg>").ToString();

        double X((double X, double Y) point) => Left + Margin + Across / 2 + (point.X - (left + right) / 2) * scale;
        double Y((double X, double Y) point) => 2 + Margin + Up / 2 - (point.Y - (low + high) / 2) * scale;
    }

    static double Across => Width - Left - 2 - 2 * Margin;

    static double Up => Height - Bottom - 2 - 2 * Margin;
}
