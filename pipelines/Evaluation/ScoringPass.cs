using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN.Pipelines.Evaluation;

/// <summary>All rows through a classifier once, in one order, cut into batches; the last batch is as short as it comes out.</summary>
public sealed class ScoringPass
{
    readonly int _classCount;
    readonly float[] _logits;

    ScoringPass(int classCount, float[] logits, bool[] isCorrect)
    {
        (_classCount, _logits, IsCorrect) = (classCount, logits, isCorrect);
        Correct = isCorrect.Count(correct => correct);
    }

    /// <summary>Whether each row was classified rightly, by row, not by order.</summary>
    public IReadOnlyList<bool> IsCorrect { get; }

    /// <summary>Rows classified rightly: a sum over rows, never a mean over batches.</summary>
    public int Correct { get; }

    /// <summary>Rows classified.</summary>
    public int Total => IsCorrect.Count;

    /// <summary>The logits of a row.</summary>
    public ReadOnlySpan<float> Logits(int row) => _logits.AsSpan(row * _classCount, _classCount);

    /// <summary>Scores rows.</summary>
    /// <param name="classifier">What scores them.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="order">Which row comes when; each row once.</param>
    /// <param name="batch">Rows of a batch.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="ArgumentException">Rows and classifier do not fit together.</exception>
    /// <exception cref="InvalidOperationException">A logit is not finite.</exception>
    public static ScoringPass Run(
        IBatchClassifier classifier,
        RowStore rows,
        ReadOnlySpan<int> order,
        int batch,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        if (rows.RowLength != classifier.InputLength)
            throw new ArgumentException(
                $"The rows have {rows.RowLength} values, the classifier takes {classifier.InputLength}.",
                nameof(rows)
            );
        if (order.Length != rows.Count)
            throw new ArgumentException($"The order has {order.Length} places for {rows.Count} rows.", nameof(order));

        var classes = classifier.ClassCount;
        var logits = new float[rows.Count * classes];
        var isCorrect = new bool[rows.Count];
        var batchRows = new float[batch * rows.RowLength];
        var batchLogits = new float[batch * classes];
        for (var start = 0; start < order.Length; start += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var members = order.Slice(start, Math.Min(batch, order.Length - start));
            for (var i = 0; i < members.Length; i++)
                rows.CopyTo(members[i], batchRows.AsSpan(i * rows.RowLength));
            classifier.Classify(
                batchRows.AsSpan(0, members.Length * rows.RowLength),
                members.Length,
                batchLogits.AsSpan(0, members.Length * classes)
            );
            for (var i = 0; i < members.Length; i++)
            {
                var scores = batchLogits.AsSpan(i * classes, classes);
                scores.CopyTo(logits.AsSpan(members[i] * classes));
                isCorrect[members[i]] = IndexOfLargest(scores, members[i]) == rows.ClassOf(members[i]);
            }
        }
        return new ScoringPass(classes, logits, isCorrect);
    }

    static int IndexOfLargest(ReadOnlySpan<float> scores, int row)
    {
        for (var i = 0; i < scores.Length; i++)
            if (!float.IsFinite(scores[i]))
                throw new InvalidOperationException(
                    $"The classifier gives row {row} the logit {scores[i]} for class {i}: the network is broken, its "
                        + "accuracy would mean nothing."
                );
        return ScoreColumns.IndexOfLargest(scores);
    }
}
