using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Evaluation.Classes;

/// <summary>What a classifier says about labelled rows: for each row its class and a probability for every class.</summary>
sealed class Predictions
{
    readonly float[] _probabilities;
    readonly int[] _classes;

    /// <param name="labels">The names of the classes.</param>
    /// <param name="probabilities">Rows x classes, row-major.</param>
    /// <param name="classes">The true class of each row.</param>
    /// <exception cref="ArgumentException">There is no row, or the lengths do not fit.</exception>
    public Predictions(IReadOnlyList<string> labels, float[] probabilities, int[] classes)
    {
        if (classes.Length == 0)
            throw new ArgumentException("There is no row to judge.", nameof(classes));
        if (probabilities.Length != (long)classes.Length * labels.Count)
            throw new ArgumentException(
                $"{classes.Length} rows of {labels.Count} classes need {(long)classes.Length * labels.Count} probabilities, "
                    + $"not {probabilities.Length}.",
                nameof(probabilities)
            );
        (Labels, _probabilities, _classes) = (labels, probabilities, classes);
        Predicted = [.. Enumerable.Range(0, Count).Select(row => ScoreColumns.IndexOfLargest(this[row]))];
        AreProbabilities = Enumerable.Range(0, Count).All(row => IsDistribution(this[row]));
        Correct = Enumerable.Range(0, Count).Count(IsCorrect);
    }

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The number of rows.</summary>
    public int Count => _classes.Length;

    /// <summary>The class of each row that the classifier finds most probable; the first of equal ones.</summary>
    public IReadOnlyList<int> Predicted { get; }

    /// <summary>Rows classified rightly.</summary>
    public int Correct { get; }

    /// <summary>The probabilities of a row.</summary>
    public ReadOnlySpan<float> this[int row] => _probabilities.AsSpan(row * Labels.Count, Labels.Count);

    /// <summary>Whether the scores of every row are from 0 to 1 and have the sum 1, but for rounding.</summary>
    public bool AreProbabilities { get; }

    /// <summary>The true class of a row.</summary>
    public int ClassOf(int row) => _classes[row];

    /// <summary>Whether the predicted class is the true one.</summary>
    public bool IsCorrect(int row) => Predicted[row] == _classes[row];

    /// <summary>The probability of the predicted class.</summary>
    public float ConfidenceOf(int row) => this[row][Predicted[row]];

    static bool IsDistribution(ReadOnlySpan<float> scores)
    {
        const float tolerance = 1e-3f;
        var sum = 0f;
        foreach (var score in scores)
        {
            if (score is not (>= -tolerance and <= 1 + tolerance))
                return false;
            sum += score;
        }
        return Math.Abs(sum - 1) <= tolerance;
    }

    /// <summary>Reads the columns <c>Score</c> and <c>Label</c>, a key of the labels in their order, once.</summary>
    /// <exception cref="InvalidDataException">A row has no label, or a score that is no finite number.</exception>
    public static Predictions Read(IDataView scored, IReadOnlyList<string> labels)
    {
        var (scoreColumn, labelColumn) = (scored.Schema["Score"], scored.Schema["Label"]);
        var (probabilities, classes) = (new List<float>(), new List<int>());
        using var cursor = scored.GetRowCursor([scoreColumn, labelColumn]);
        var getScore = cursor.GetGetter<VBuffer<float>>(scoreColumn);
        var getLabel = cursor.GetGetter<uint>(labelColumn);
        var (score, dense, key) = (default(VBuffer<float>), new float[labels.Count], 0u);
        while (cursor.MoveNext())
        {
            getScore(ref score);
            getLabel(ref key);
            score.CopyTo(dense);
            if (key == 0)
                throw new InvalidDataException($"Row {cursor.Position} has no label that the model knows.");
            if (Array.FindIndex(dense, value => !float.IsFinite(value)) is >= 0 and var wrong)
                throw new InvalidDataException(
                    $"The model gives row {cursor.Position} the score {dense[wrong]} for '{labels[wrong]}'; its figures would mean nothing."
                );
            probabilities.AddRange(dense);
            classes.Add((int)key - 1);
        }
        return new Predictions(labels, [.. probabilities], [.. classes]);
    }
}
