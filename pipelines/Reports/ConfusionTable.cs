using NoisyNN.Pipelines.Evaluation.Classes;

namespace NoisyNN.Pipelines.Reports;

/// <summary>A confusion matrix as a table whose cells are the darker, the more rows of their class they hold.</summary>
static class ConfusionTable
{
    // More columns fit no page; the pairs that are confused most often are listed beside it.
    const int MostClasses = 20;

    // A number stays readable on the strongest shade, in light and in dark.
    const double Strongest = 0.62;

    /// <summary>The rows of the table; null where there are no counts or too many classes for a page.</summary>
    public static object? Of(Classification? classification, IReadOnlyList<IReadOnlyList<long>> counts)
    {
        if (classification is null || counts.Count is 0 or > MostClasses)
            return null;
        var labels = classification.Classes.Select(figures => figures.Label).ToArray();
        return new
        {
            Labels = labels,
            Rows = labels.Select(
                (label, truth) =>
                    new
                    {
                        Label = label,
                        Cells = counts[truth]
                            .Select(
                                (count, predicted) =>
                                    new
                                    {
                                        Count = count,
                                        Kind = predicted == truth ? "right" : "wrong",
                                        Shade = Math.Round(Strongest * count / Math.Max(1, counts[truth].Sum()), 3),
                                    }
                            ),
                    }
            ),
        };
    }
}
