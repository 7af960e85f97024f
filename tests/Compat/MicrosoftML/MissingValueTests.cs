using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace NoisyNN.Tests.Compat.MicrosoftML;

[TestClass]
public class MissingValueTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Row
    {
        public float Single { get; set; }

        public double Double { get; set; }

        [KeyType(5)]
        public uint Key { get; set; }

        [VectorType(2)]
        public float[] Vector { get; set; } = [];

        public float[] AnySize { get; set; } = [];

        public string Text { get; set; } = "";
    }

    private IDataView View() => _ml.Data.LoadFromEnumerable(new Row[]
    {
        new() { Single = 1, Double = 1, Key = 0, Vector = [1, 8], AnySize = [1, float.NaN, 2], Text = "a" },
        new() { Single = float.NaN, Double = 2, Key = 1, Vector = [float.NaN, 8], AnySize = [], Text = "b" },
        new() { Single = 4, Double = double.NaN, Key = 9, Vector = [4, float.NaN], AnySize = [6], Text = "" },
        new() { Single = 4, Double = 6, Key = 2, Vector = [4, 2], AnySize = [2, 3], Text = "d" },
    });

    private IDataView Sparse()
    {
        var definition = SchemaDefinition.Create(typeof(SparseRow));
        definition["Vector"].ColumnType = new VectorDataViewType(NumberDataViewType.Double, 3);
        return _ml.Data.LoadFromEnumerable(new SparseRow[]
        {
            new() { Vector = new(3, 1, [double.NaN], [1]) }, new() { Vector = new(3, 1, [6.0], [1]) }, new() { Vector = new(3, [1, 3, 5]) },
        }, definition);
    }

    private sealed class SparseRow
    {
        public VBuffer<double> Vector { get; set; }
    }

    [TestMethod]
    [DataRow("Single", "1,4,4")]
    [DataRow("Double", "1,NaN,4")]
    [DataRow("Key", "1,NaN,4")]
    [DataRow("Vector", "1,4")]
    [DataRow("AnySize", "NaN,4,4")]
    public void Rows_with_a_missing_value_are_dropped(string column, string singles) =>
        Assert.AreEqual(singles, string.Join(",", _ml.Data.FilterRowsByMissingValues(View(), column).GetColumn<float>("Single")));

    [TestMethod]
    public void A_row_must_have_all_of_several_columns_and_keeps_its_id()
    {
        var view = _ml.Data.FilterRowsByMissingValues(View(), "Single", "Double", "Key");
        using var cursor = view.GetRowCursor([view.Schema["Single"]]);
        var id = default(DataViewRowId);
        foreach (var expected in new ulong[] { 0, 3 })
        {
            Assert.IsTrue(cursor.MoveNext());
            cursor.GetIdGetter()(ref id);
            Assert.AreEqual(new DataViewRowId(expected, 0), id);
        }
        Assert.IsFalse(cursor.MoveNext());
        Assert.IsNull(view.GetRowCount());
    }

    [TestMethod]
    public void Columns_that_cannot_be_filtered_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(View()));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(View(), "Nothing"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(View(), "Text"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(View(), "Key", "Key"));
    }

    [TestMethod]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.DefaultValue, 0f, 0.0, 0f, 0f)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Mean, 3f, 3.0, 3f, 6f)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Minimum, 1f, 1.0, 1f, 2f)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Maximum, 4f, 6.0, 4f, 8f)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Mode, 4f, 1.0, 4f, 8f)]
    public void Missing_values_become_a_statistic_of_their_column_or_slot(
        MissingValueReplacingEstimator.ReplacementMode mode, float single, double number, float first, float second)
    {
        var estimator = _ml.Transforms.ReplaceMissingValues(
            [new InputOutputColumnPair("Single"), new InputOutputColumnPair("D", "Double"), new InputOutputColumnPair("Vector")], mode);
        var model = estimator.Fit(View());
        using var stream = new MemoryStream();
        _ml.Model.Save(model, View().Schema, stream);
        stream.Position = 0;
        foreach (var transformer in new[] { model, new MLContext().Model.Load(stream, out _) })
        {
            var view = transformer.Transform(View());
            CollectionAssert.AreEqual(new[] { 1, single, 4, 4 }, view.GetColumn<float>("Single").ToArray());
            CollectionAssert.AreEqual(new[] { 1, 2, number, 6 }, view.GetColumn<double>("D").ToArray());
            var vectors = view.GetColumn<float[]>("Vector").ToArray();
            CollectionAssert.AreEqual(new[] { first, 8 }, vectors[1]);
            CollectionAssert.AreEqual(new[] { 4, second }, vectors[2]);
        }
    }

    [TestMethod]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Mean, 14 / 5f)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Minimum, 1f)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Maximum, 6f)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Mode, 2f)]
    public void Vectors_of_any_size_have_one_statistic(MissingValueReplacingEstimator.ReplacementMode mode, float expected)
    {
        var view = _ml.Transforms.ReplaceMissingValues("AnySize", replacementMode: mode).Fit(View()).Transform(View());
        CollectionAssert.AreEqual(new[] { 1, expected, 2 }, view.GetColumn<float[]>("AnySize").First());
    }

    [TestMethod]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Mean, true, 4.5)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Mean, false, 15 / 8.0)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Minimum, true, 3.0)]
    [DataRow(MissingValueReplacingEstimator.ReplacementMode.Minimum, false, 0.0)]
    public void What_a_sparse_vector_leaves_out_counts_as_0(MissingValueReplacingEstimator.ReplacementMode mode, bool bySlot, double expected)
    {
        var view = _ml.Transforms.ReplaceMissingValues("Vector", replacementMode: mode, imputeBySlot: bySlot).Fit(Sparse()).Transform(Sparse());
        CollectionAssert.AreEqual(new[] { 0, expected, 0 }, view.GetColumn<double[]>("Vector").First());
    }

    [TestMethod]
    public void Types_without_a_missing_value_are_refused()
    {
        foreach (var column in new[] { "Text", "Key", "Nothing" })
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ReplaceMissingValues("Out", column).Fit(View()));
    }
}
