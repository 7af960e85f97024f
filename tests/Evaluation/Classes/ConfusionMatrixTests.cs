using NoisyNN.Pipelines.Evaluation.Classes;

namespace NoisyNN.Tests.Evaluation.Classes;

[TestClass]
public sealed class ConfusionMatrixTests
{
    /// <summary>Rows of given classes that are taken for given classes.</summary>
    static Predictions Taken(string[] labels, params (int Truth, int Predicted)[] rows) =>
        new(
            labels,
            [.. rows.SelectMany(row => labels.Select((_, label) => label == row.Predicted ? 0.7f : 0.3f / (labels.Length - 1)))],
            [.. rows.Select(row => row.Truth)]
        );

    static readonly Predictions s_predictions = Taken(["a", "b", "c"], (0, 0), (0, 0), (0, 1), (1, 1), (1, 0), (1, 0), (1, 1));

    [TestMethod]
    public void Rows_are_true_classes_and_columns_predicted_ones()
    {
        var counts = new ConfusionMatrix(s_predictions).Counts;

        CollectionAssert.AreEqual(new long[] { 2, 1, 0 }, counts[0].ToArray());
        CollectionAssert.AreEqual(new long[] { 2, 2, 0 }, counts[1].ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 0, 0 }, counts[2].ToArray());
    }

    [TestMethod]
    public void Recall_precision_and_F1_are_those_of_the_counts()
    {
        var first = new ConfusionMatrix(s_predictions).Classes()[0];

        Assert.AreEqual(2.0 / 3, first.Recall!.Value, 1e-12);
        Assert.AreEqual(2.0 / 4, first.Precision!.Value, 1e-12);
        // 2 x 2 / (2 x 2 + 1 + 2)
        Assert.AreEqual(4.0 / 7, first.F1!.Value, 1e-12);
        Assert.IsTrue(first.F1.Low < first.F1.Value && first.F1.Value < first.F1.High);
    }

    [TestMethod]
    public void A_class_without_rows_has_no_figures_and_does_not_count_in_means()
    {
        Assert.IsNull(new ConfusionMatrix(s_predictions).Classes()[2].Recall);
        Assert.AreEqual((2.0 / 3 + 0.5) / 2, Classification.Of(s_predictions).BalancedAccuracy, 1e-12);
    }

    [TestMethod]
    public void The_pair_that_is_confused_most_often_comes_first()
    {
        var pairs = new ConfusionMatrix(s_predictions).MostConfused(3);

        Assert.HasCount(1, pairs, "the others are never confused");
        Assert.AreEqual(new ConfusedPair("a", "b", 1, 2), pairs[0]);
    }

    [TestMethod]
    public void The_five_best_answers_are_counted_with_more_classes_than_that()
    {
        string[] labels = ["a", "b", "c", "d", "e", "f"];
        // Of equal scores the earlier class comes first: f is the sixth answer, e the fifth.
        var predictions = Taken(labels, (5, 0), (4, 0), (0, 0), (1, 0));

        Assert.AreEqual(0.75, Classification.Of(predictions).TopFive!.Value);
        Assert.IsNull(Classification.Of(s_predictions).TopFive);
    }

    [TestMethod]
    public void The_errors_that_are_surest_come_first()
    {
        var predictions = new Predictions(["a", "b"], [0.6f, 0.4f, 0.9f, 0.1f, 0.99f, 0.01f, 0.2f, 0.8f], [1, 1, 0, 1]);

        CollectionAssert.AreEqual(new[] { 1, 0 }, WorstErrors.Of(predictions, 8).ToArray());
        CollectionAssert.AreEqual(new[] { 1 }, WorstErrors.Of(predictions, 1).ToArray());
    }
}
