using System.Globalization;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Reports.Charts;

namespace NoisyNN.Pipelines.Reports.Measuring;

/// <summary>The course of a layer's entropies, as charts: a line for each bandwidth.</summary>
static class MeasuredCourse
{
    static readonly (string Figure, string Title)[] s_charts =
    [
        (EntropyFigures.Dse, "DSE, bits"),
        (EntropyFigures.LabelDsmi, "DSMI with the labels, bits"),
        (EntropyFigures.InputDsmi, "DSMI with the input, bits"),
    ];

    static readonly string[] s_styles = ["vanilla", "noisy", "third"];

    /// <summary>The charts of the last measured layer of a training; none if nothing was measured.</summary>
    public static IReadOnlyList<MeasuredChart> Charts(string run, IReadOnlyList<LayerMeasurement> measured)
    {
        if (measured.Count == 0)
            return [];
        var layer = measured[^1].Layer;
        var settings = measured.Where(one => one.Layer == layer).GroupBy(one => one.Setting).ToArray();
        return
        [
            .. s_charts.Select(chart => new MeasuredChart(
                $"{chart.Title}: {layer} of {run}",
                new LineChart(
                    chart.Title,
                    [
                        .. settings.Select(
                            (setting, index) =>
                                new LineChart.Series(
                                    setting.Key,
                                    s_styles[index % s_styles.Length],
                                    [.. setting.Select(one => ((double)one.Epoch, one.Figures.GetValueOrDefault(chart.Figure, double.NaN)))]
                                )
                        ),
                    ],
                    bits => bits.ToString("0.###", CultureInfo.InvariantCulture)
                ).ToSvg()
            )),
        ];
    }
}

/// <summary>A chart as inline SVG, with its caption.</summary>
sealed record MeasuredChart(string Caption, string Svg);
