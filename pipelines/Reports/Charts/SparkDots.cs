using static System.FormattableString;
using static NoisyNN.Pipelines.Reports.Charts.Spark;

namespace NoisyNN.Pipelines.Reports.Charts;

/// <summary>A chart of the size of a word as inline SVG: a dot for each trial, higher figures further right, a row for each network.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Rows">The style of each row, and its figures.</param>
sealed record SparkDots(string Title, IReadOnlyList<(string Style, IReadOnlyList<double> Values)> Rows)
{
    const double Margin = 5;

    // More rows are too thin to see.
    const int MostRows = 4;

    /// <summary>The drawing; empty where nothing was measured.</summary>
    public string ToSvg()
    {
        var rows = Rows.Where(row => row.Values.Any(double.IsFinite)).Take(MostRows).ToList();
        if (rows.Count == 0)
            return "";
        var all = rows.SelectMany(row => row.Values).Where(double.IsFinite).ToList();
        var (low, high) = (all.Min(), all.Max());
        var svg = Open(Title);
        for (var row = 0; row < rows.Count; row++)
            foreach (var value in rows[row].Values.Where(double.IsFinite))
                svg.Append(Invariant($"""<circle class="dot {rows[row].Style}" cx="{X(value):F1}" cy="{Y(row):F1}" r="3"/>"""));
        return svg.Append("</svg>").ToString();

        double X(double value) => Margin + (high > low ? (value - low) / (high - low) : 0.5) * (Width - 2 * Margin);
        double Y(int row) => Height * (row + 0.5) / rows.Count;
    }
}
