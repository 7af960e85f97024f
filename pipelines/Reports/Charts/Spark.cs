using System.Text;
using static System.FormattableString;
using static NoisyNN.Pipelines.Reports.Charts.Markup;

namespace NoisyNN.Pipelines.Reports.Charts;

/// <summary>The frame of a chart of the size of a word, as inline SVG.</summary>
static class Spark
{
    public const double Width = 120,
        Height = 32;

    /// <summary>The drawing up to its content; what follows ends it.</summary>
    public static StringBuilder Open(string title) =>
        new(
            Invariant(
                $"""<svg class="spark" viewBox="0 0 {Width} {Height}" role="img" aria-label="{Text(title)}"><title>{Text(title)}</title>"""
            )
        );
}
