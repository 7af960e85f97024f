using NoisyNN.Models.Rows;
using NoisyNN.Pipelines.Evaluation;

namespace NoisyNN.Tests.Evaluation;

[TestClass]
public sealed class ScoringPassTests
{
    // Accuracies of the leak vector, worked out by hand and by an independent script: batch, shift sorted and interleaved, optimal sorted
    // and interleaved.
    [TestMethod]
    [DataRow(1, 16, 16, 16, 16)]
    [DataRow(2, 20, 16, 20, 16)]
    [DataRow(4, 19, 16, 18, 16)]
    [DataRow(10, 20, 16, 20, 16)]
    [DataRow(20, 18, 16, 16, 16)]
    public void Mixing_gains_in_sorted_order_only(
        int batch,
        int shiftSorted,
        int shiftInterleaved,
        int optimalSorted,
        int optimalInterleaved
    )
    {
        var sorted = Protocol.SortedOrder(LeakVector.Rows);

        Assert.AreEqual(16, ScoringPass.Run(MixingClassifier.None, LeakVector.Rows, sorted, batch).Correct);
        Assert.AreEqual(shiftSorted, ScoringPass.Run(MixingClassifier.CircularShift, LeakVector.Rows, sorted, batch).Correct);
        Assert.AreEqual(
            shiftInterleaved,
            ScoringPass.Run(MixingClassifier.CircularShift, LeakVector.Rows, LeakVector.Interleaved, batch).Correct
        );
        Assert.AreEqual(optimalSorted, ScoringPass.Run(MixingClassifier.Optimal, LeakVector.Rows, sorted, batch).Correct);
        Assert.AreEqual(
            optimalInterleaved,
            ScoringPass.Run(MixingClassifier.Optimal, LeakVector.Rows, LeakVector.Interleaved, batch).Correct
        );
    }

    [TestMethod]
    public void The_last_batch_is_short_and_counts()
    {
        var sizes = new List<int>();
        var classifier = new MixingClassifier(values =>
        {
            sizes.Add(values.Length);
            return values;
        });

        var pass = ScoringPass.Run(classifier, LeakVector.Rows, Protocol.SortedOrder(LeakVector.Rows), batch: 8);

        Assert.AreSequenceEqual(new[] { 8, 8, 4 }, sizes.ToArray());
        Assert.AreEqual(20, pass.Total);
    }

    [TestMethod]
    public void Accuracy_is_a_sum_over_rows_and_not_a_mean_of_running_means()
    {
        // 1000 batches of 1000 rows whose accuracy falls evenly from 0.9 to 0.7.
        const int batches = 1000,
            size = 1000;
        var values = new float[batches * size];
        for (var batch = 0; batch < batches; batch++)
            values.AsSpan(batch * size, (int)Math.Round(900 - 200.0 * batch / (batches - 1))).Fill(1);
        var rows = RowStore.Of(values, [.. Enumerable.Repeat(1, values.Length)], rowLength: 1);

        var pass = ScoringPass.Run(MixingClassifier.None, rows, [.. Enumerable.Range(0, rows.Count)], size);

        Assert.AreEqual(0.80, (double)pass.Correct / pass.Total, 1e-6);
        // What a progress bar shows after each batch, averaged again, is what the published evaluation reports.
        var (running, correct) = (0.0, 0);
        for (var batch = 0; batch < batches; batch++)
        {
            correct += pass.IsCorrect.Skip(batch * size).Take(size).Count(isCorrect => isCorrect);
            running += (double)correct / ((batch + 1) * size) / batches;
        }
        Assert.AreEqual(0.85, running, 5e-4);
    }

    [TestMethod]
    public void A_logit_that_is_not_finite_stops_the_evaluation_with_its_row()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            ScoringPass.Run(
                new MixingClassifier(values => [.. values.Select(_ => float.NaN)]),
                LeakVector.Rows,
                Protocol.SortedOrder(LeakVector.Rows),
                4
            )
        );

        Assert.Contains("row 0", error.Message);
    }

    [TestMethod]
    public void Rows_of_another_length_are_refused()
    {
        var rows = RowStore.Of(new float[20], [.. Enumerable.Repeat(0, 10)], rowLength: 2);

        var error = Assert.ThrowsExactly<ArgumentException>(() =>
            ScoringPass.Run(MixingClassifier.None, rows, [.. Enumerable.Range(0, 10)], 4)
        );

        Assert.Contains("The rows have 2 values, the classifier takes 1", error.Message);
    }

    [TestMethod]
    public void Cancellation_stops_between_two_batches()
    {
        using var cancellation = new CancellationTokenSource();
        var calls = 0;
        var classifier = new MixingClassifier(values =>
        {
            if (++calls == 2)
                cancellation.Cancel();
            return values;
        });

        Assert.ThrowsExactly<OperationCanceledException>(() =>
            ScoringPass.Run(classifier, LeakVector.Rows, Protocol.SortedOrder(LeakVector.Rows), 4, cancellation.Token)
        );
        Assert.AreEqual(2, calls);
    }
}
