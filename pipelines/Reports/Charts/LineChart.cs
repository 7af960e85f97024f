using System.Text;
using static System.FormattableString;
using static NoisyNN.Pipelines.Reports.Charts.Markup;

namespace NoisyNN.Pipelines.Reports.Charts;

/// <summary>A small line chart as inline SVG: series over whole epochs, labelled at their ends instead of in a legend.</summary>
sealed record LineChart(string Title, IReadOnlyList<LineChart.Series> Lines, Func<double, string> Format)
{
    internal sealed record Series(string Name, string Style, IReadOnlyList<(double X, double Y)> Points);

    const double Width = 460,
        Height = 254,
        Left = 52,
        Top = 14,
        Bottom = 38;

    // SVG has no widths of text before it is drawn: a letter of the labels' bold 12 takes about 7.5.
    double Right => Math.Max(78, 16 + 7.5 * Lines.Max(line => line.Name.Length));

    public string ToSvg()
    {
        var lines = Lines
            .Select(line => line with { Points = [.. line.Points.Where(point => double.IsFinite(point.Y))] })
            .Where(line => line.Points.Count > 0)
            .ToArray();
        if (lines.Length == 0)
            return "";

        var points = lines.SelectMany(line => line.Points).ToArray();

        var (low, high) = (points.Min(point => point.Y), points.Max(point => point.Y));
        var ticks = Ticks(low, high);
        (low, high) = (Math.Min(low, ticks[0]), Math.Max(high, ticks[^1]));
        var (first, last) = (points.Min(point => point.X), Math.Max(points.Max(point => point.X), points.Min(point => point.X) + 1));

        double X(double x) => Left + (x - first) / (last - first) * (Width - Left - Right);
        // A course that never changes lies in the middle.
        double Y(double y) => Height - Bottom - (high > low ? (y - low) / (high - low) : 0.5) * (Height - Top - Bottom);

        var svg = new StringBuilder();
        svg.Append(
            Invariant($"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{Text(Title)}"><title>{Text(Title)}</title>""")
        );
        foreach (var tick in ticks)
        {
            svg.Append(Invariant($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{Y(tick):F1}" y2="{Y(tick):F1}"/>"""));
            svg.Append(Invariant($"""<text class="tick" text-anchor="end" x="{Left - 7}" y="{Y(tick) + 4:F1}">{Format(tick)}</text>"""));
        }

        for (var epoch = (int)first; epoch <= (int)last; epoch += Math.Max(1, (int)(last - first) / 8))
            svg.Append(Invariant($"""<text class="tick" text-anchor="middle" x="{X(epoch):F1}" y="{Height - 20}">{epoch}</text>"""));
        svg.Append(
            Invariant($"""<text class="tick" text-anchor="middle" x="{(Left + Width - Right) / 2}" y="{Height - 6}">epoch</text>""")
        );

        foreach (var (line, labelY) in lines.Zip(LabelPositions(lines.Select(line => Y(line.Points[^1].Y)).ToArray())))
        {
            var path = string.Join(' ', line.Points.Select(point => Invariant($"{X(point.X):F1},{Y(point.Y):F1}")));
            svg.Append(Invariant($"""<polyline class="line {line.Style}" points="{path}"/>"""));
            foreach (var (x, y) in line.Points)
                svg.Append(Invariant($"""<circle class="dot {line.Style}" cx="{X(x):F1}" cy="{Y(y):F1}" r="2.6"/>"""));
            svg.Append(
                Invariant(
                    $"""<text class="label {line.Style}" x="{X(line.Points[^1].X) + 8:F1}" y="{labelY + 4:F1}">{Text(line.Name)}</text>"""
                )
            );
        }

        return svg.Append("</svg>").ToString();
    }

    // Labels at the lines' ends keep 14 units between each other, so that close curves stay readable.
    static double[] LabelPositions(double[] wanted)
    {
        var order = Enumerable.Range(0, wanted.Length).OrderBy(index => wanted[index]).ToArray();
        for (var next = 1; next < order.Length; next++)
            wanted[order[next]] = Math.Max(wanted[order[next]], wanted[order[next - 1]] + 14);
        return wanted;
    }

    // Four to six round steps (1, 2 or 5 times a power of ten) that enclose the values.
    internal static double[] Ticks(double low, double high)
    {
        var span = Math.Max(high - low, Math.Max(Math.Abs(high) * 1e-3, 1e-9));
        var power = Math.Pow(10, Math.Floor(Math.Log10(span / 4)));
        var step = s_roundSteps.Select(factor => factor * power).First(candidate => span / candidate <= 5);
        var (from, to) = (Math.Floor(low / step), Math.Ceiling(high / step));
        return [.. Enumerable.Range(0, (int)(to - from) + 1).Select(index => (from + index) * step)];
    }

    static readonly double[] s_roundSteps = [1, 2, 5, 10];
}
