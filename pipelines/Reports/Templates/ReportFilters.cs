using Fluid;
using Fluid.Values;

namespace NoisyNN.Pipelines.Reports.Templates;

/// <summary>How templates write figures: <c>{{ run.testAccuracy | percent }}</c>. A figure that was not measured is a dash.</summary>
static class ReportFilters
{
    public static void AddTo(FilterCollection filters)
    {
        Add(filters, "percent", ReportFigures.Percent);
        Add(filters, "points", ReportFigures.Points);
        Add(filters, "deviation", ReportFigures.Deviation);
        Add(filters, "number", ReportFigures.Number);
        Add(filters, "scientific", ReportFigures.Scientific);
        Add(filters, "nats", ReportFigures.Nats);
        Add(filters, "nats_per_image", ReportFigures.NatsPerImage);
        AddJudged(filters, "judged", ReportFigures.Judged);
        AddJudged(filters, "judged_deviation", ReportFigures.JudgedDeviation);
        AddJudged(filters, "judged_difference", ReportFigures.JudgedDifference);
        filters.AddFilter("network_style", (name, _, _) => new StringValue(ReportFigures.StyleOf(name.ToStringValue())));
    }

    /// <summary><c>{{ network.test.mean | judged: isBound }}</c></summary>
    static void AddJudged(FilterCollection filters, string name, Func<double, bool, string> format) =>
        filters.AddFilter(
            name,
            (figure, arguments, _) =>
                new StringValue(
                    figure.IsNil() ? "–" : format((double)figure.ToNumberValue(), arguments.At(0).ToBooleanValue()),
                    encode: false
                )
        );

    static void Add(FilterCollection filters, string name, Func<double, string> format) =>
        filters.AddFilter(
            name,
            // Not encoded again: a figure has no markup, and its sign is to stay readable in the file.
            (figure, _, _) => new StringValue(figure.IsNil() ? "–" : format((double)figure.ToNumberValue()), encode: false)
        );
}
