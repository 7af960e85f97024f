using NoisyNN.Pipelines.Data.Formats.Tables;

namespace NoisyNN.Tests.RealFiles.Tables;

/// <summary>A first line is a header, a row, or refused as both.</summary>
[TestClass]
public sealed class TablesHeaderTests : IDisposable
{
    const string Body = "0.5,1.5,2.5\n3.5,4.5,5.5\n",
        Expected = "0.5 1.5 2.5 | 3.5 4.5 5.5";

    readonly TablesAsWritten _tables = new();

    public void Dispose() => _tables.Dispose();

    [TestMethod]
    [DataRow("")]
    [DataRow("a,b,c\n")]
    [DataRow("x1,x2,x3\n")]
    [DataRow("# a,b,c\n")]
    [DataRow("0,1,2\n", DisplayName = "pandas without names")]
    [DataRow("1,2,3\n", DisplayName = "R without names")]
    public void A_header_is_no_row(string header) => Assert.AreEqual(Expected, _tables.Rows(header + Body));

    [TestMethod]
    public void A_header_that_counts_is_told()
    {
        _tables.Rows("0,1,2\n" + Body);
        StringAssert.Contains(
            _tables.Notes.Single(),
            "line 1 (0, 1, 2) is read as the header, since it counts the columns. --header no reads it as a row."
        );
        Assert.AreEqual("0 1 2 | " + Expected, _tables.Rows("0,1,2\n" + Body, new() { HasHeader = false }));
        // So many columns count by chance in no data, even in whole numbers.
        var wide = string.Join(',', Enumerable.Range(0, 30));
        Assert.AreEqual(
            string.Join(' ', Enumerable.Repeat(7, 30)),
            _tables.Rows($"{wide}\n{string.Join(',', Enumerable.Repeat(7, 30))}\n")
        );
    }

    [TestMethod]
    [DataRow("0,1,2\n3,4,5\n6,7,8\n", DisplayName = "counting names above whole numbers")]
    [DataRow("0.0,1.0,2.0\n0.5,1.5,2.5\n3.5,4.5,5.5\n", DisplayName = "counting names with a point")]
    [DataRow("0,1\n0.5,1.5\n2.5,3.5\n", DisplayName = "two counting names")]
    [DataRow("0\n0.5\n2.5\n", DisplayName = "the name of a pandas series")]
    [DataRow("400,410,420\n0.5,1.5,2.5\n3.5,4.5,5.5\n", DisplayName = "wavelengths")]
    [DataRow("2019,2020,2021\n5,7,9\n6,4,8\n", DisplayName = "years")]
    [DataRow("2010,2011\n0.25,1.5\n0.75,2.5\n", DisplayName = "two years above fractions")]
    [DataRow("err,0.5,0.7\n0.5,1.5,2.5\n3.5,4.5,5.5\n", DisplayName = "a word beside numbers")]
    public void A_line_that_can_be_both_is_refused_with_both_readings(string text)
    {
        var message = _tables.RowsRefusal(text);
        StringAssert.Contains(message, "table.csv, line 1 (");
        StringAssert.Contains(message, "can be the header, or a row");
        StringAssert.EndsWith(message, "Say which with --header yes or --header no.");
        Assert.AreEqual(2, _tables.Rows(text, new() { HasHeader = true }).Split('|').Length);
    }

    [TestMethod]
    public void Numbers_beside_names_are_names_if_they_count()
    {
        Assert.AreEqual(Expected, _tables.Rows("label,0,1,2\ncat,0.5,1.5,2.5\ndog,3.5,4.5,5.5\n", labelColumn: "label"));
        Assert.AreEqual(Expected, _tables.Rows("id,400,410,420\n17,0.5,1.5,2.5\n23,3.5,4.5,5.5\n"));
        Assert.AreEqual("0.5 1 | 3 4", _tables.Rows("0,1,label\n0.5,1,cat\n3,4,dog\n", labelColumn: "label"));
    }

    [TestMethod]
    public void A_header_that_lacks_the_name_of_the_row_names_belongs_to_the_other_columns()
    {
        // What R's write.table writes: blanks, quotes, one name fewer than cells.
        Assert.AreEqual(Expected, _tables.Rows("\"a\" \"b\" \"c\"\n\"Mazda RX4\" 0.5 1.5 2.5\n\"Datsun 710\" 3.5 4.5 5.5\n"));
        Assert.AreEqual("0.5 2.5 | 3.5 5.5", _tables.Rows("\"a\" \"b\" \"c\"\n\"1\" 0.5 1.5 2.5\n\"2\" 3.5 4.5 5.5\n", labelColumn: "b"));
        StringAssert.Contains(
            _tables.RowsRefusal("1,2\n0.5,1.5,2.5\n3.5,4.5,5.5\n"),
            "line 1: 2 cells, but the lines after have 3. If it names all columns but the first, say --header yes"
        );
    }

    [TestMethod]
    public void A_comment_can_have_the_names()
    {
        Assert.AreEqual("0.5 2.5 | 3.5 5.5", _tables.Rows("# a,b,c\n" + Body, labelColumn: "b"));
        StringAssert.Contains(_tables.RowsRefusal("# made 2024\n" + Body, labelColumn: "b"), "3 columns without names");
    }

    [TestMethod]
    public void A_name_that_two_columns_have_is_asked_for()
    {
        StringAssert.Contains(
            _tables.RowsRefusal("y,y,a\n" + Body, labelColumn: "y"),
            "has 2 columns named 'y', 1 and 2. Give the number, as in number:1."
        );
        Assert.AreEqual("1.5 2.5 | 4.5 5.5", _tables.Rows("y,y,a\n" + Body, labelColumn: "number:1"));
        Assert.AreEqual("1.5 2.5 | 4.5 5.5", _tables.Rows("y,y,a\n" + Body, labelColumn: "1"));
    }

    [TestMethod]
    public void A_name_that_is_another_column_s_number_is_asked_for()
    {
        StringAssert.Contains(
            _tables.RowsRefusal("0,1,2\n" + Body, labelColumn: "2"),
            "'2' is the name of column 3 and the number of the column '1'. Say which with name:2 or number:2."
        );
        Assert.AreEqual("0.5 1.5 | 3.5 4.5", _tables.Rows("0,1,2\n" + Body, labelColumn: "name:2"));
        Assert.AreEqual("0.5 2.5 | 3.5 5.5", _tables.Rows("0,1,2\n" + Body, labelColumn: "number:2"));
    }

    [TestMethod]
    public void A_header_alone_has_no_rows()
    {
        StringAssert.Contains(_tables.RowsRefusal("a,b,c\n"), "has a header and no rows");
        StringAssert.Contains(_tables.RowsRefusal("# a,b,c\n"), "has no rows; all of its lines begin with #");
        Assert.AreEqual("1 2 3", _tables.Rows("1,2,3\n"));
    }

    [TestMethod]
    public void A_row_with_a_missing_value_is_no_header() =>
        StringAssert.Contains(_tables.RowsRefusal("nan,1.5,2\n0.5,1.5,2.5\n"), "line 1, column 1: the cell is 'nan', not a finite number");
}
