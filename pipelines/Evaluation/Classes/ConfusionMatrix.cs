namespace NoisyNN.Pipelines.Evaluation.Classes;

/// <summary>How many rows of each class were taken for which class.</summary>
sealed class ConfusionMatrix
{
    readonly IReadOnlyList<string> _labels;
    readonly long[][] _counts;

    public ConfusionMatrix(Predictions predictions)
    {
        _labels = predictions.Labels;
        _counts = [.. _labels.Select(_ => new long[_labels.Count])];
        for (var row = 0; row < predictions.Count; row++)
            _counts[predictions.ClassOf(row)][predictions.Predicted[row]]++;
    }

    /// <summary>A row for each true class, a column for each predicted one.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Counts => _counts;

    /// <summary>The figures of every class, in the order of the labels.</summary>
    public IReadOnlyList<ClassFigures> Classes()
    {
        var found = new long[_labels.Count];
        foreach (var row in _counts)
            for (var column = 0; column < found.Length; column++)
                found[column] += row[column];
        return
        [
            .. _labels.Select(
                (label, index) =>
                {
                    var (right, rows) = (_counts[index][index], _counts[index].Sum());
                    return new ClassFigures(
                        label,
                        rows,
                        found[index],
                        Share.Of(right, rows),
                        Share.Of(right, found[index]),
                        Share.OfF1(right, rows + found[index] - right)
                    );
                }
            ),
        ];
    }

    /// <summary>The pairs of classes that are taken for one another most often, in either direction.</summary>
    public IReadOnlyList<ConfusedPair> MostConfused(int count) =>
        [
            .. Enumerable
                .Range(0, _labels.Count)
                .SelectMany(first => Enumerable.Range(first + 1, _labels.Count - first - 1).Select(second => Pair(first, second)))
                .Where(pair => pair.FirstAsSecond + pair.SecondAsFirst > 0)
                .OrderByDescending(pair => pair.FirstAsSecond + pair.SecondAsFirst)
                .Take(count),
        ];

    ConfusedPair Pair(int first, int second) => new(_labels[first], _labels[second], _counts[first][second], _counts[second][first]);
}

/// <summary>The figures of one class. A share without any row is null.</summary>
/// <param name="Label">The class.</param>
/// <param name="Rows">Rows of the class.</param>
/// <param name="Predicted">Rows that were taken for it.</param>
/// <param name="Recall">Of its rows, the share that was found.</param>
/// <param name="Precision">Of the rows taken for it, the share that is of the class.</param>
/// <param name="F1">The harmonic mean of recall and precision.</param>
public sealed record ClassFigures(string Label, long Rows, long Predicted, Share? Recall, Share? Precision, Share? F1);

/// <summary>Two classes and how many rows of each were taken for the other.</summary>
public sealed record ConfusedPair(string First, string Second, long FirstAsSecond, long SecondAsFirst);
