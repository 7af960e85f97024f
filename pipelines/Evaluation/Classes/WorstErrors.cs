namespace NoisyNN.Pipelines.Evaluation.Classes;

/// <summary>The rows that a classifier gets wrong with the most confidence.</summary>
static class WorstErrors
{
    /// <summary>At most so many rows, the most confident error first; of equal ones the earlier row.</summary>
    public static IReadOnlyList<int> Of(Predictions predictions, int count) =>
        [
            .. Enumerable
                .Range(0, predictions.Count)
                .Where(row => !predictions.IsCorrect(row))
                .OrderByDescending(predictions.ConfidenceOf)
                .Take(count),
        ];
}
