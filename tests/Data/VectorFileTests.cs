using System.Runtime.InteropServices;
using System.Text;
using NoisyNN.Pipelines.Data.Formats;

namespace NoisyNN.Tests.Data;

[TestClass]
public sealed class VectorFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("1,2\n3,4.5\n")]
    [DataRow("a,b\n1,2\n3,4.5\n")]
    [DataRow("\"a, first\",\"b\"\r\n\"1\", 2\r\n3,\"4.5\"\r\n")]
    [DataRow("1\t2\n3\t4.5")]
    [DataRow("a;b\n1;2\n3;4.5\n")]
    public void A_table_is_read_with_and_without_header_quotes_and_other_separators(string text)
    {
        var (rows, classes) = VectorFile.Read(Csv(text));
        CollectionAssert.AreEqual(new[] { 3, 4.5 }, rows[1].ToArray());
        Assert.AreEqual(2, rows.RowCount);
        Assert.IsNull(classes);
    }

    [TestMethod]
    [DataRow("kind")]
    [DataRow("2")]
    public void A_column_may_hold_the_labels(string column)
    {
        var (rows, classes) = VectorFile.Read(Csv("x,kind,y\n1,cat,2\n3,dog,4\n5,cat,6\n"), column);
        CollectionAssert.AreEqual(new double[] { 3, 4 }, rows[1].ToArray());
        CollectionAssert.AreEqual(new[] { "cat", "dog" }, classes!.Names.ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1, 0 }, classes.Indexes.ToArray());
    }

    [TestMethod]
    [DataRow("x,y\n1,2\n\n2,3,4\n", "line 4: 3 cells, but the lines before have 2")]
    [DataRow(
        "x,y\n1,2\n3,four\n",
        "line 3, column 2 ('y'): the cell is 'four', not a finite number. Leave the row or the column out, or name the "
            + "column as that of the labels if it holds them."
    )]
    [DataRow("1,2\n3,\n", "line 2, column 2: the cell is empty")]
    [DataRow("1.5,2\nnan,4\n", "line 2, column 1: the cell is 'nan', not a finite number")]
    [DataRow("1.5,2\n3,1e999\n", "not a finite number")]
    [DataRow("", "has no rows")]
    public void A_cell_that_is_not_right_is_named_by_line_and_column(string text, string message) =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => VectorFile.Read(Csv(text))).Message, message);

    [TestMethod]
    public void Labels_are_words_whole_numbers_fractions_or_rows()
    {
        CollectionAssert.AreEqual(new[] { "a", "b" }, VectorFile.ReadLabels(Csv("a\nb\na\n"), 3).Names.ToArray());
        CollectionAssert.AreEqual(new[] { "a", "b" }, VectorFile.ReadLabels(Csv("label\na\nb\na\n"), 3).Names.ToArray());
        CollectionAssert.AreEqual(new[] { "1", "2" }, VectorFile.ReadLabels(Csv("1\n2\n1\n"), 3).Names.ToArray());
        StringAssert.Contains(VectorFile.ReadLabels(Csv("0.5\n2\n1\n"), 3).Origin, "10 bins of equal width from 0.5 to 2");
        StringAssert.Contains(VectorFile.ReadLabels(Csv("0.5,1\n0.1,2\n5,5\n5,6\n"), 4, clusters: 2).Origin, "spectral clusters");

        double[] values = [7, 8, 7];
        var whole = _folder.Write("y.npy", NpyFileTests.Npy("<i8", "(3,)", MemoryMarshal.AsBytes<long>([7, 8, 7]).ToArray()));
        var real = _folder.Write("z.npy", NpyFileTests.Npy("<f8", "(3, 1)", MemoryMarshal.AsBytes<double>(values).ToArray()));
        CollectionAssert.AreEqual(new[] { "7", "8" }, VectorFile.ReadLabels(whole, 3).Names.ToArray());
        CollectionAssert.AreEqual(new[] { "7", "8" }, VectorFile.ReadLabels(real, 3).Names.ToArray());
    }

    [TestMethod]
    public void Files_that_are_missing_or_of_another_kind_or_size_are_named()
    {
        StringAssert.Contains(Refusal(() => VectorFile.Read(_folder["x.npy"])), "there is no file");
        StringAssert.Contains(Refusal(() => VectorFile.Read(_folder.Write("x.parquet", []))), "neither .npy nor .csv");
        StringAssert.Contains(Refusal(() => VectorFile.ReadLabels(Csv("a\nb\n"), 5)), "has 2 labels for 5 rows");
        StringAssert.Contains(Refusal(() => VectorFile.ReadLabels(Csv("1\nnan\n2\n"), 3)), ".csv: the label of row 1 is NaN");
        StringAssert.Contains(Refusal(() => VectorFile.Read(Csv("x,y\n1,2\n"), "z")), "has no column 'z'; it has x, y");
        StringAssert.Contains(
            Refusal(() => VectorFile.Read(_folder.Write("e.npy", NpyFileTests.Npy("<f8", "(0, 4)", [])))),
            "is empty: its shape is (0, 4)"
        );
        StringAssert.Contains(
            Refusal(() =>
                VectorFile.Read(
                    _folder.Write("n.npy", NpyFileTests.Npy("<f8", "(1, 2)", MemoryMarshal.AsBytes<double>([1, double.NaN]).ToArray()))
                )
            ),
            "NaN at element 1 of row 0"
        );
    }

    static string Refusal(Action act) => Assert.ThrowsExactly<InvalidDataException>(act).Message;

    string Csv(string text) => _folder.Write($"{Guid.NewGuid():N}.csv", Encoding.UTF8.GetBytes(text));
}
