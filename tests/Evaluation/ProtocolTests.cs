using NoisyNN.Models.Rows;
using NoisyNN.Pipelines.Evaluation;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Evaluation;

[TestClass]
public sealed class ProtocolTests
{
    static readonly ProtocolOptions s_options = new() { BatchSizes = [1, 2, 4, 10, 20], ShuffleCount = 5 };

    [TestMethod]
    public void Optimal_mixing_is_caught_on_the_leak_vector()
    {
        var result = Protocol.Run(MixingClassifier.None, MixingClassifier.Optimal, LeakVector.Rows, "optimal-mixing", s_options);

        Assert.AreEqual(0.80, result.NoiseOff.Accuracy);
        Assert.AreEqual(1.00, result.SortedAccuracy(10));
        Assert.AreEqual(0.90, result.SortedAccuracy(4));
        Assert.IsFalse(result.Invariance.Passed);
        Assert.IsTrue(result.CleanInvariance.Passed);
        Assert.IsTrue(result.IsTransductive);
        Assert.IsGreaterThan(0.0, result.LeakIndexAt(10).Value);
        Assert.AreEqual(result.SortedAccuracy(10) - result.ShuffledAccuracy(10), result.LeakIndexAt(10).Value, 1e-12);
    }

    [TestMethod]
    public void One_row_at_a_time_mixing_has_no_effect_and_is_run_once_for_both_orders()
    {
        var calls = 0;
        var noisy = new MixingClassifier(values =>
        {
            calls += values.Length == 1 ? 1 : 0;
            return values;
        });

        var result = Protocol.Run(
            MixingClassifier.None,
            noisy,
            LeakVector.Rows,
            "noise",
            s_options with
            {
                BatchSizes = [1, 10],
                InvarianceRowCount = 5,
            }
        );

        Assert.AreEqual(result.NoiseOff.Correct, result.Alone.Correct);
        Assert.AreEqual(2, result.Rows.Count(row => row.Noise == "noise" && row.Batch == 1));
        // Once over all rows, and five of them again to see whether the answers repeat.
        Assert.AreEqual(20 + 5, calls);
    }

    [TestMethod]
    public void An_honest_classifier_has_a_leak_index_of_exactly_zero()
    {
        var negated = new MixingClassifier(values => [.. values.Select(value => value + 3)]);

        var result = Protocol.Run(MixingClassifier.None, negated, LeakVector.Rows, "bias", s_options);

        Assert.IsTrue(result.LeakIndexes.All(leak => leak.Value == 0 && leak.Interval == new Interval(0, 0)));
        Assert.IsTrue(result.Invariance.Passed);
        Assert.AreEqual(0.0, result.Invariance.LargestChange);
        Assert.AreEqual(20, result.Invariance.RowCount);
        Assert.IsFalse(result.IsTransductive);
        Assert.Contains("depends on its own row alone", result.Verdict);
    }

    [TestMethod]
    public void A_classifier_that_looks_at_its_neighbours_is_told_from_one_that_does_not()
    {
        Assert.IsTrue(Protocol.CheckInvariance(MixingClassifier.None, LeakVector.Rows).Passed);
        Assert.AreEqual(20, Protocol.CheckInvariance(MixingClassifier.None, LeakVector.Rows).RowCount);
        Assert.IsFalse(Protocol.CheckInvariance(MixingClassifier.Optimal, LeakVector.Rows).Passed);
        Assert.IsFalse(Protocol.CheckInvariance(MixingClassifier.CircularShift, LeakVector.Rows).Passed);
    }

    [TestMethod]
    public void The_lines_are_the_whole_grid()
    {
        var reported = new List<ProtocolRow>();
        var result = Protocol.Run(
            MixingClassifier.None,
            MixingClassifier.Optimal,
            LeakVector.Rows,
            "optimal-mixing",
            new ProtocolOptions
            {
                BatchSizes = [10, 64],
                ShuffleCount = 3,
                FirstSeed = 7,
                Progress = new Collector(reported),
            }
        );

        // Noise off; batch 1 for both orders; and for each larger size once sorted and three times shuffled.
        Assert.HasCount(1 + 2 + 2 * (1 + 3), result.Rows.ToList());
        Assert.AreSequenceEqual(
            new int?[] { 7, 8, 9 },
            result.Rows.Where(row => row.Batch == 10 && row.Order == ProtocolResult.Shuffled).Select(row => row.Seed).ToArray()
        );
        Assert.AreEqual(ProtocolResult.NoNoise, result.Rows[0].Noise);
        Assert.AreSequenceEqual(result.Rows.ToArray(), reported.ToArray());
    }

    [TestMethod]
    public void The_verdict_calls_a_gain_of_sorted_batches_an_artefact()
    {
        // Fifty times the leak vector: enough rows for the gain to be significant.
        var rows = LeakVector.Rows.Select([.. Enumerable.Range(0, 1000).Select(i => i % LeakVector.Count)]);

        var result = Protocol.Run(MixingClassifier.None, MixingClassifier.Optimal, rows, "optimal-mixing");

        Assert.IsTrue(result.LeakIndexAt(10).IsShown);
        Assert.IsFalse(result.Gain(ProtocolResult.Shuffled, 10).IsGain);
        Assert.StartsWith("The gain is an artefact of class-sorted batches: at batch", result.Verdict);
        Assert.Contains("corrected for 2 batch sizes", result.Verdict);
        Assert.Contains("by +18.8 points in class-sorted order", result.Verdict);
        Assert.Contains("by 0.0 points one row at a time", result.Verdict);
    }

    [TestMethod]
    public void Too_few_batches_have_no_interval_and_the_verdict_says_so()
    {
        var result = Protocol.Run(MixingClassifier.None, MixingClassifier.Optimal, LeakVector.Rows, "optimal-mixing", s_options);

        Assert.IsNull(result.LeakIndexAt(10).Interval, "two batches");
        Assert.IsFalse(result.LeakIndexAt(10).IsShown);
        Assert.Contains("too few batches of these rows differ", result.Verdict);
    }

    [TestMethod]
    public void A_gain_of_each_row_by_itself_is_a_real_one()
    {
        var rows = LeakVector.Rows.Select([.. Enumerable.Range(0, 1000).Select(i => i % LeakVector.Count)]);
        // Knows every answer from the row itself: the wrong ones have the smaller absolute value.
        var better = new MixingClassifier(values => [.. values.Select(value => Math.Abs(value) < 3 ? -value : value)]);

        var result = Protocol.Run(MixingClassifier.None, better, rows, "gaussian", new ProtocolOptions { BatchSizes = [10] });

        Assert.IsFalse(result.IsTransductive);
        Assert.Contains("it gains (+20.0 points", result.Verdict);
    }

    [TestMethod]
    public void Noise_that_draws_anew_is_not_mistaken_for_neighbours()
    {
        var random = new Random(1);
        var noisy = new MixingClassifier(values => [.. values.Select(value => value + random.NextSingle())]);

        var result = Protocol.Run(MixingClassifier.None, noisy, LeakVector.Rows, "gaussian", s_options);

        Assert.IsGreaterThan(0.0, result.Repeatability);
        Assert.IsFalse(result.IsTransductive);
        Assert.StartsWith("The noise draws anew on every call", result.Verdict);
    }

    [TestMethod]
    public void A_dependence_that_shows_in_sorted_batches_only_is_seen()
    {
        // Two rows of each value: batches of two are equal pairs in sorted order, and hardly ever when shuffled.
        var rows = RowStore.Of([.. Enumerable.Range(0, 200).Select(row => row / 2 + 1f)], [.. Enumerable.Repeat(1, 200)], rowLength: 1);
        var pairs = new MixingClassifier(values => values.Length == 2 && values[0] == values[1] && values[0] == 7 ? [-1, -1] : values);

        var result = Protocol.Run(MixingClassifier.None, pairs, rows, "noise", new ProtocolOptions { BatchSizes = [2], ShuffleCount = 1 });

        Assert.IsFalse(result.Invariance.Passed);
        Assert.AreEqual(8.0, result.Invariance.LargestChange);
    }

    [TestMethod]
    public void A_classifier_that_mixes_rows_even_without_noise_gets_no_headline()
    {
        var result = Protocol.Run(MixingClassifier.Optimal, MixingClassifier.Optimal, LeakVector.Rows, "noise", s_options);

        Assert.IsFalse(result.CleanInvariance.Passed);
        Assert.Contains("no figure of this classifier", result.Verdict);
    }

    [TestMethod]
    public void Rounding_of_another_order_of_summation_passes_and_a_real_change_does_not()
    {
        MixingClassifier Changing(float amount) => new(values => [.. values.Select(value => value + (values.Length > 1 ? amount : 0))]);

        // Logits go up to 5, so that 1e-5 relative to their scale is 5e-5.
        Assert.IsTrue(Protocol.Run(MixingClassifier.None, Changing(2e-5f), LeakVector.Rows, "noise", s_options).Invariance.Passed);
        Assert.IsFalse(Protocol.Run(MixingClassifier.None, Changing(1e-4f), LeakVector.Rows, "noise", s_options).Invariance.Passed);
    }

    [TestMethod]
    public void A_label_beyond_the_classes_and_a_noise_without_a_name_are_refused()
    {
        var rows = RowStore.Of([1, 2], [0, 2], rowLength: 1);

        Assert.Contains(
            "0 to 2",
            Assert.ThrowsExactly<ArgumentException>(() => Protocol.Run(MixingClassifier.None, MixingClassifier.None, rows, "noise")).Message
        );
        Assert.ThrowsExactly<ArgumentException>(() => Protocol.Run(MixingClassifier.None, MixingClassifier.None, LeakVector.Rows, "none"));
    }

    sealed class Collector(List<ProtocolRow> rows) : IProgress<ProtocolRow>
    {
        public void Report(ProtocolRow value) => rows.Add(value);
    }
}
