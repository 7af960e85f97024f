using System.Text;
using NoisyNN.Pipelines.Evaluation.Classes;
using static System.FormattableString;

namespace NoisyNN.Pipelines.Reports.Charts;

/// <summary>
/// A reliability diagram as inline SVG: for rows of similar confidence, how many are right. A dot on the diagonal is a probability that can
/// be taken at its word; its size grows with the rows, its whisker is the 95 % interval.
/// </summary>
sealed record ReliabilityChart(Calibration Calibration)
{
    const double Side = 254,
        Left = 46,
        Bottom = 38,
        Top = 12,
        Right = 24;

    public string ToSvg()
    {
        var svg = new StringBuilder();
        svg.Append(
            Invariant($"""<svg class="reliability" viewBox="0 0 {Side + Left} {Side}" role="img" aria-label="reliability diagram">""")
        );
        svg.Append("<title>Accuracy by confidence</title>");
        for (var tick = 0; tick <= 100; tick += 25)
        {
            var (x, y) = (X(tick / 100.0), Y(tick / 100.0));
            svg.Append(Invariant($"""<line class="grid" x1="{X(0):F1}" x2="{X(1):F1}" y1="{y:F1}" y2="{y:F1}"/>"""));
            svg.Append(Invariant($"""<text class="tick" text-anchor="end" x="{Left - 6}" y="{y + 4:F1}">{tick} %</text>"""));
            svg.Append(Invariant($"""<text class="tick" text-anchor="middle" x="{x:F1}" y="{Side - 20}">{tick} %</text>"""));
        }
        svg.Append(Invariant($"""<text class="tick" text-anchor="middle" x="{X(0.5):F1}" y="{Side - 4}">confidence</text>"""));
        svg.Append(Invariant($"""<line class="diagonal" x1="{X(0):F1}" y1="{Y(0):F1}" x2="{X(1):F1}" y2="{Y(1):F1}"/>"""));
        var most = Calibration.Bins.Max(bin => bin.Rows);
        foreach (var bin in Calibration.Bins)
        {
            var (x, radius) = (X(bin.Confidence), 2.5 + 5 * Math.Sqrt((double)bin.Rows / most));
            svg.Append(
                Invariant(
                    $"""<line class="whisker" x1="{x:F1}" x2="{x:F1}" y1="{Y(bin.Accuracy.Low):F1}" y2="{Y(bin.Accuracy.High):F1}"/>"""
                )
            );
            svg.Append(Invariant($"""<circle class="bin" cx="{x:F1}" cy="{Y(bin.Accuracy.Value):F1}" r="{radius:F1}">"""));
            svg.Append(
                Invariant($"<title>{bin.Rows} rows, confidence {bin.Confidence:P1}, accuracy {bin.Accuracy.Value:P1}</title></circle>")
            );
        }
        return svg.Append("</svg>").ToString();
    }

    static double X(double share) => Left + share * (Side - Right);

    static double Y(double share) => Side - Bottom - share * (Side - Bottom - Top);
}
