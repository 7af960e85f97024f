using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Rows;

namespace NoisyNN.Tests.Training.Rows;

/// <summary>Which class a row has, and what a store refuses.</summary>
[TestClass]
public sealed class RowStoreTests
{
    static readonly MLContext s_context = new(seed: 1);

    [TestMethod]
    public void Text_labels_become_the_classifiers_indexes()
    {
        using var rows = Read(View("dog", "cat", "dog"));

        Assert.AreSequenceEqual(new[] { 1, 0, 1 }, Classes(rows));
        Assert.AreSequenceEqual(new[] { 1f, 11f }, rows.ValuesOf(1));
        using var selected = rows.Select([2, 0]);
        Assert.AreSequenceEqual(new[] { 2f, 12f, 0f, 10f }, [.. selected.ValuesOf(0), .. selected.ValuesOf(1)]);
        selected.Dispose();
        Assert.AreSequenceEqual(new[] { 2f, 12f }, rows.ValuesOf(2), "A selection leaves the rows to their store.");
    }

    [TestMethod]
    public void Rows_of_a_view_that_does_not_know_how_many_it_has_are_all_read()
    {
        var view = s_context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 3000).Select(row => new Row { Pixels = [row, -row], Label = row % 3 == 0 ? "cat" : "dog" })
        );
        Assert.IsNull(view.GetRowCount());

        using var rows = Read(view);

        Assert.AreEqual(3000, rows.Count);
        Assert.AreSequenceEqual(new[] { 2999f, -2999f }, rows.ValuesOf(2999));
        Assert.AreEqual(1000, Classes(rows).Count(label => label == 0));
    }

    [TestMethod]
    public void Keys_are_matched_by_their_names_and_not_by_their_numbers()
    {
        var view = View("dog", "cat", "dog");
        // Keys are numbered as they come: dog is 1, cat is 2.
        var keyed = s_context.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);

        using var rows = Read(keyed);

        Assert.AreSequenceEqual(new[] { 1, 0, 1 }, Classes(rows));
    }

    [TestMethod]
    public void A_label_that_the_classifier_does_not_know_is_named()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Read(View("cat", "fox")));

        Assert.Contains("Row 1 of the test view has in 'Label' the label \"fox\"; the classifier knows cat, dog", error.Message);
        Assert.Contains(
            "Row 2 of the test view has no label",
            Assert.Throws<InvalidDataException>(() => Read(View("cat", "dog", ""))).Message
        );
    }

    [TestMethod]
    public void A_missing_column_is_answered_with_those_that_there_are()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Read(View("cat"), labels: "Species"));

        Assert.Contains("The column 'Species' is not in the data, which has 'Pixels', 'Label'", error.Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Read(View("cat"), features: "Label"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Read(View("cat"), labels: "Pixels"));
    }

    [TestMethod]
    public void No_row_at_all_is_refused()
    {
        Assert.Contains("The test view has no rows", Assert.ThrowsExactly<ArgumentException>(() => Read(View())).Message);
        Assert.ThrowsExactly<ArgumentException>(() => RowStore.Of([], [], rowLength: 2));
    }

    [TestMethod]
    public void The_rows_of_a_store_are_a_view_again_with_their_ids_and_the_names_of_their_classes()
    {
        var view = View("dog", "cat", "dog");
        using var rows = Read(view);
        using var last = rows.Select([2]);
        var again = last.ToDataView();

        Assert.AreSequenceEqual(["Pixels", "Label"], again.Schema.Select(column => column.Name));
        Assert.AreEqual(view.Schema["Pixels"].Type, again.Schema["Pixels"].Type);
        Assert.AreSequenceEqual(new[] { 2f, 12f }, again.GetColumn<float[]>("Pixels").Single());
        Assert.AreEqual("dog", again.GetColumn<string>("Label").Single());
        Assert.AreSequenceEqual(Ids(view)[2..], Ids(again));
    }

    [TestMethod]
    public void Rows_without_labels_are_read_without_a_label_column()
    {
        using var rows = RowStore.Read(View("dog", "cat"), new() { Role = "test" });

        Assert.AreSequenceEqual(new[] { -1, -1 }, Classes(rows));
        Assert.AreSequenceEqual(["Pixels"], rows.ToDataView().Schema.Select(column => column.Name));
    }

    [TestMethod]
    [DataRow(-1f)]
    [DataRow(255.5f)]
    [DataRow(float.NaN)]
    public void What_is_no_pixel_is_refused_where_pixels_are_required(float value)
    {
        var view = s_context.Data.LoadFromEnumerable(
            new[]
            {
                new Row { Pixels = [0.5f, 255] },
                new Row { Pixels = [1, value] },
            }
        );

        var error = Assert.ThrowsExactly<InvalidDataException>(() => RowStore.Read(view, new() { RequiresPixels = true }));
        Assert.StartsWith(
            FormattableString.Invariant($"Row 1 of the input view holds {value} in 'Pixels'; a pixel is a number from 0 to 255"),
            error.Message
        );
    }

    static RowStore Read(IDataView view, string features = "Pixels", string labels = "Label") =>
        RowStore.Read(
            view,
            new()
            {
                Role = "test",
                FeatureColumnName = features,
                LabelColumnName = labels,
                Labels = ["cat", "dog"],
            }
        );

    static int[] Classes(RowStore rows) => [.. Enumerable.Range(0, rows.Count).Select(rows.ClassOf)];

    static DataViewRowId[] Ids(IDataView view)
    {
        var ids = new List<DataViewRowId>();
        using var cursor = view.GetRowCursor(view.Schema);
        var getId = cursor.GetIdGetter();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getId(ref id);
            ids.Add(id);
        }
        return [.. ids];
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
