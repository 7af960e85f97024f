using NoisyNN.Models.Prediction;
using NoisyNN.Models.Rows;

namespace NoisyNN.Tests.Evaluation;

/// <summary>
/// Twenty rows of one value each: y is 1 from row 10 on, c is -0.4 on every fifth row and 1 elsewhere, the value is (2y - 1)c, and the
/// prediction is whether it is positive. Every fifth row is wrong, so that accuracy without noise is 0.80. Values are five times that,
/// which makes them whole and all sums exact.
/// </summary>
static class LeakVector
{
    public const int Count = 20;

    public static RowStore Rows { get; } =
        RowStore.Of(
            [.. Enumerable.Range(0, Count).Select(row => (row >= 10 ? 1f : -1f) * (row % 5 == 4 ? -2 : 5))],
            [.. Enumerable.Range(0, Count).Select(row => row >= 10 ? 1 : 0)],
            rowLength: 1
        );

    /// <summary>Rows of the two classes in turn.</summary>
    public static int[] Interleaved { get; } = [.. Enumerable.Range(0, Count).Select(i => i / 2 + 10 * (i % 2))];
}

/// <summary>Mixes the values of a batch and predicts class 1 where the result is positive.</summary>
sealed class MixingClassifier(Func<float[], float[]> mix) : IBatchClassifier
{
    public static MixingClassifier None => new(values => values);

    /// <summary>Seven parts of the row and three of the next one in the batch, the last one's next being the first.</summary>
    public static MixingClassifier CircularShift =>
        new(values => [.. values.Select((value, i) => 7 * value + 3 * values[(i + 1) % values.Length])]);

    /// <summary>Two parts of the row and one of each other one: (k + 1)(I + Q) of the optimal Q, whose sign is that of (I + Q).</summary>
    public static MixingClassifier Optimal => new(values => [.. values.Select(value => value + values.Sum())]);

    public int InputLength => 1;

    public int ClassCount => 2;

    public void Classify(ReadOnlySpan<float> rows, int rowCount, Span<float> logits)
    {
        var mixed = mix(rows[..rowCount].ToArray());
        for (var i = 0; i < rowCount; i++)
            (logits[2 * i], logits[2 * i + 1]) = (0, mixed[i]);
    }
}
