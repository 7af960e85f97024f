using static System.FormattableString;
using static NoisyNN.Pipelines.Reports.Charts.Spark;

namespace NoisyNN.Pipelines.Reports.Charts;

/// <summary>A chart of the size of a word as inline SVG: the course of a figure, a line for each network. It has no axes.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Lines">The style of each line, and its figures in the order of the epochs.</param>
sealed record SparkLine(string Title, IReadOnlyList<(string Style, IReadOnlyList<double> Values)> Lines)
{
    const double Margin = 4;

    /// <summary>The drawing; empty where nothing was measured.</summary>
    public string ToSvg()
    {
        var lines = Lines.Where(line => line.Values.Count > 0 && line.Values.All(double.IsFinite)).ToList();
        if (lines.Count == 0)
            return "";
        var (low, high) = (lines.Min(line => line.Values.Min()), lines.Max(line => line.Values.Max()));
        var most = lines.Max(line => line.Values.Count);
        var svg = Open(Title);
        foreach (var (style, values) in lines)
        {
            svg.Append(Invariant($"""<polyline class="line {style}" points="{string.Join(' ', values.Select(Point))}"/>"""));
            svg.Append(Invariant($"""<circle class="dot {style}" cx="{X(values.Count - 1):F1}" cy="{Y(values[^1]):F1}" r="2.6"/>"""));
        }
        return svg.Append("</svg>").ToString();

        string Point(double value, int epoch) => Invariant($"{X(epoch):F1},{Y(value):F1}");
        double X(int epoch) => Margin + (most > 1 ? epoch / (most - 1.0) : 1) * (Width - 2 * Margin);
        double Y(double value) => Height - Margin - (high > low ? (value - low) / (high - low) : 0.5) * (Height - 2 * Margin);
    }
}
