using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Pipelines.Evaluation;

namespace NoisyNN.Tests.Evaluation;

[TestClass]
public sealed class LabelledRowsTests
{
    static readonly MLContext s_context = new(seed: 1);

    [TestMethod]
    public void Text_labels_become_the_classifiers_indexes()
    {
        var rows = LabelledRows.Read(View("dog", "cat", "dog"), "Pixels", "Label", ["cat", "dog"]);

        Assert.AreSequenceEqual(new[] { 1, 0, 1 }, rows.Labels);
        Assert.AreSequenceEqual(new[] { 1f, 11f }, rows[1].ToArray());
        Assert.AreSequenceEqual(new[] { 2f, 12f, 0f, 10f }, rows.Select([2, 0]).Values);
    }

    [TestMethod]
    public void Rows_of_a_view_that_does_not_know_how_many_it_has_are_all_read()
    {
        var view = s_context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 3000).Select(row => new Row { Pixels = [row, -row], Label = row % 3 == 0 ? "cat" : "dog" })
        );
        Assert.IsNull(view.GetRowCount());

        var rows = LabelledRows.Read(view, "Pixels", "Label", ["cat", "dog"]);

        Assert.AreEqual(3000, rows.Count);
        Assert.AreSequenceEqual(new[] { 2999f, -2999f }, rows[2999].ToArray());
        Assert.AreEqual(1000, rows.Labels.Count(label => label == 0));
    }

    [TestMethod]
    public void Keys_are_matched_by_their_names_and_not_by_their_numbers()
    {
        var view = View("dog", "cat", "dog");
        // Keys are numbered as they come: dog is 1, cat is 2.
        var keyed = s_context.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);

        Assert.AreSequenceEqual(new[] { 1, 0, 1 }, LabelledRows.Read(keyed, "Pixels", "Label", ["cat", "dog"]).Labels);
    }

    [TestMethod]
    public void A_label_that_the_classifier_does_not_know_is_named()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
            LabelledRows.Read(View("cat", "fox"), "Pixels", "Label", ["cat", "dog"])
        );

        Assert.Contains("the label \"fox\"; the classifier knows cat, dog", error.Message);
    }

    [TestMethod]
    public void A_missing_column_is_answered_with_those_that_there_are()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => LabelledRows.Read(View("cat"), "Pixels", "Species", ["cat", "dog"]));

        Assert.Contains("There is no column 'Species'; the data has Pixels, Label", error.Message);
        Assert.ThrowsExactly<ArgumentException>(() => LabelledRows.Read(View("cat"), "Label", "Label", ["cat", "dog"]));
    }

    [TestMethod]
    public void No_row_at_all_is_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => LabelledRows.Read(View(), "Pixels", "Label", ["cat", "dog"]));
    }

    static IDataView View(params string[] labels) =>
        s_context.Data.LoadFromEnumerable(labels.Select((label, row) => new Row { Pixels = [row, 10 + row], Label = label }).ToList());

    sealed class Row
    {
        [VectorType(2)]
        public float[] Pixels { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
