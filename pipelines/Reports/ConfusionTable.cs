namespace NoisyNN.Pipelines.Reports;

/// <summary>A confusion matrix as a table whose cells are the darker, the more rows of their class they hold.</summary>
static class ConfusionTable
{
    // More columns fit no page; the pairs that are confused most often are listed beside it.
    const int MostClasses = 20;

    // The share of white or dark ink behind a number that stays readable in both.
    const double Strongest = 0.85;

    /// <summary>The rows of the table; null where there are no counts or too many classes for a page.</summary>
    public static object? Of(RunSummary run, IReadOnlyList<IReadOnlyList<long>> counts)
    {
        if (run.Classification is not { } classification || counts.Count is 0 or > MostClasses)
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
