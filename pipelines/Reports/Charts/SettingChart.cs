using System.Globalization;
using System.Text;
using static System.FormattableString;
using static NoisyNN.Pipelines.Reports.Charts.Markup;

namespace NoisyNN.Pipelines.Reports.Charts;

/// <summary>
/// A small chart of one setting as inline SVG: a dot for each trial, its figure over the value of the setting. Numbers stand at their place,
/// on a logarithmic axis if they span a factor of 20; words stand side by side.
/// </summary>
/// <param name="Title">The setting.</param>
/// <param name="Trials">The value of the setting, and the figure, of each trial.</param>
/// <param name="Format">How figures are written.</param>
sealed record SettingChart(string Title, IReadOnlyList<(string Value, double Figure)> Trials, Func<double, string> Format)
{
    const double Width = 300,
        Height = 190,
        Left = 52,
        Right = 22,
        Top = 12,
        Bottom = 40,
        LogarithmicFrom = 20;

    const int MostLabels = 5;

    public string ToSvg()
    {
        var values = Trials.Select(trial => trial.Value).Distinct().ToList();
        var places = Places(values);
        var ticks = LineChart.Ticks(Trials.Min(trial => trial.Figure), Trials.Max(trial => trial.Figure));
        var svg = new StringBuilder();
        svg.Append(
            Invariant($"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{Text(Title)}"><title>{Text(Title)}</title>""")
        );
        foreach (var tick in ticks)
        {
            svg.Append(Invariant($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{Y(tick):F1}" y2="{Y(tick):F1}"/>"""));
            svg.Append(Invariant($"""<text class="tick" text-anchor="end" x="{Left - 7}" y="{Y(tick) + 4:F1}">{Format(tick)}</text>"""));
        }
        foreach (var value in Labelled(values, places))
            svg.Append(
                Invariant($"""<text class="tick" text-anchor="middle" x="{X(value):F1}" y="{Height - Bottom + 18}">{Text(value)}</text>""")
            );
        svg.Append(
            Invariant($"""<text class="tick" text-anchor="middle" x="{(Left + Width - Right) / 2}" y="{Height - 6}">{Text(Title)}</text>""")
        );
        foreach (var (value, figure) in Trials)
            svg.Append(Invariant($"""<circle class="dot noisy" cx="{X(value):F1}" cy="{Y(figure):F1}" r="3.5"/>"""));
        return svg.Append("</svg>").ToString();

        double X(string value) => Left + 14 + places[value] * (Width - Left - Right - 28);
        double Y(double figure) => Height - Bottom - (figure - ticks[0]) / (ticks[^1] - ticks[0]) * (Height - Top - Bottom);
    }

    /// <summary>Where on the axis each value stands, from 0 to 1.</summary>
    static Dictionary<string, double> Places(List<string> values)
    {
        var numbers = values.ToDictionary(
            value => value,
            value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN
        );
        if (values.Count < 2 || numbers.Values.Any(double.IsNaN))
            return values
                .Select((value, index) => (value, index))
                .ToDictionary(pair => pair.value, pair => (pair.index + 0.5) / values.Count);
        var isLogarithmic = numbers.Values.Min() > 0 && numbers.Values.Max() >= LogarithmicFrom * numbers.Values.Min();
        var scaled = numbers.ToDictionary(pair => pair.Key, pair => isLogarithmic ? Math.Log(pair.Value) : pair.Value);
        var (low, high) = (scaled.Values.Min(), scaled.Values.Max());
        return scaled.ToDictionary(pair => pair.Key, pair => high > low ? (pair.Value - low) / (high - low) : 0.5);
    }

    /// <summary>All values if they are few, else some of them, the first and the last among them.</summary>
    static List<string> Labelled(List<string> values, Dictionary<string, double> places)
    {
        var ordered = values.OrderBy(value => places[value]).ToList();
        return ordered.Count <= MostLabels ? ordered : [ordered[0], ordered[ordered.Count / 2], ordered[^1]];
    }
}
