using NoisyNN.Pipelines.Data.Formats.Tables;

namespace NoisyNN.Tests.RealFiles.Tables;

/// <summary>What separates cells is found from the lines, or asked for.</summary>
[TestClass]
public sealed class TablesSeparatorTests : IDisposable
{
    const string Expected = "0.5 1.5 -2 | 3 4.25 5 | 6 7 8.125";

    readonly TablesAsWritten _tables = new();

    public void Dispose() => _tables.Dispose();

    [TestMethod]
    [DataRow(',', "")]
    [DataRow(',', "a,b,c\n")]
    [DataRow(';', "a;b;c\n")]
    [DataRow('\t', "a\tb\tc\n")]
    [DataRow('|', "a|b|c\n")]
    [DataRow(' ', "")]
    [DataRow(' ', "a b c\n")]
    [DataRow(';', "\"a, mm\";b;c\n")]
    [DataRow(';', "sep=;\n")]
    [DataRow(';', "sep=;\na;b;c\n")]
    public void Every_usual_separator_is_found(char separator, string header) =>
        Assert.AreEqual(
            Expected,
            _tables.Rows($"{header}0.5{separator}1.5{separator}-2\n3{separator}4.25{separator}5\n6{separator}7{separator}8.125\n")
        );

    [TestMethod]
    public void Blanks_around_cells_and_rows_of_blanks_between_them_do_not_count()
    {
        Assert.AreEqual(Expected, _tables.Rows("  0.5   1.5  -2\n  3.0   4.25  5 \n 6\t7  8.125\n"));
        Assert.AreEqual(Expected, _tables.Rows("0.5 , 1.5, -2 \n3, 4.25 ,5\n 6,7,8.125\n"));
        Assert.AreEqual(Expected, _tables.Rows("0.5 \t 1.5\t -2\n3\t4.25\t5\n6\t7\t8.125\n"));
    }

    [TestMethod]
    public void A_separator_at_the_end_of_every_line_makes_no_column()
    {
        Assert.AreEqual(Expected, _tables.Rows("0.5,1.5,-2,\n3,4.25,5,\n6,7,8.125,\n"));
        Assert.AreEqual(Expected, _tables.Rows("a,b,c\n0.5,1.5,-2,\n3,4.25,5,\n6,7,8.125,\n"));
        Assert.AreEqual(Expected, _tables.Rows("a,b,c,\n0.5,1.5,-2,\n3,4.25,5,\n6,7,8.125,\n"));
        Assert.AreEqual(Expected, _tables.Rows("a;b;c;\n0.5;1.5;-2\n3;4.25;5\n6;7;8.125\n"));
        StringAssert.Contains(_tables.RowsRefusal("a,b,c,d\n0.5,1.5,-2,\n3,4.25,5,\n"), "line 2, column 4 ('d'): the cell is empty");
    }

    [TestMethod]
    public void Lines_without_values_and_comments_are_counted_between_rows()
    {
        Assert.AreEqual(Expected, _tables.Rows("# made by hand\n\n0.5,1.5,-2\n3,4.25,5\n6,7,8.125\n\n,,\n\n"));
        Assert.IsEmpty(_tables.Notes);
        Assert.AreEqual(Expected, _tables.Rows("0.5,1.5,-2\n\n# 9,9,9\n3,4.25,5\n,,\n# 8,8,8\n6,7,8.125\n"));
        StringAssert.EndsWith(_tables.Notes[0], ": 2 lines are left out, because they begin with #; the first is line 3.");
        StringAssert.EndsWith(_tables.Notes[1], ": 2 lines are left out, because they have no values; the first is line 2.");
    }

    [TestMethod]
    public void One_cell_too_many_or_too_few_is_named_by_its_line()
    {
        StringAssert.Contains(
            _tables.RowsRefusal("a,b\n1,2.5\n3,4\n5,6,7\n8,9\n"),
            "line 4: 3 cells, but the lines before have 2. If a cell has a comma in it"
        );
        StringAssert.Contains(_tables.RowsRefusal("a,b\n1,2.5\n3\n5,6\n8,9\n"), "line 3: 1 cells, but the lines before have 2");
        StringAssert.Contains(
            _tables.RowsRefusal("1;2.5\n3;4;4\n5;6\n"),
            "line 2: 3 cells, but the lines before have 2. If a cell has a semicolon in it"
        );
        StringAssert.Contains(
            _tables.RowsRefusal("1 2.5 3\n4 5\n6 7 8.5\n"),
            "line 2: 2 cells, but the lines before have 3. If blanks do not separate"
        );
        StringAssert.Contains(_tables.RowsRefusal("1,2,3.5\n4.5,5\n4.5,5\n4,5.5\n"), "line 1: 3 cells, but the other lines have 2");
    }

    [TestMethod]
    public void Quotes_hold_separators_line_ends_and_quotes()
    {
        Assert.AreEqual("1 2.5 | 3 4", _tables.Rows("\"a, first\",\"b \"\"second\"\"\"\n\"1\", \"2.5\"\r\n3,4\n"));
        Assert.AreEqual("1 2.5 | 3 4", _tables.Rows("\"a\nof two lines\",b\n1,2.5\n3,4\n"));
        StringAssert.Contains(_tables.RowsRefusal("\"a\nof two lines\",b\n1,2.5\nx,4\n"), "line 4, column 1");
        StringAssert.Contains(_tables.RowsRefusal("a,b\n1,\"2.5\n3,4\n"), "line 2: the quote that is opened there is never closed");
        StringAssert.Contains(_tables.RowsRefusal("a,b\n1,2\"5\n3,4\n"), "line 2: a quote stands where none may be");
    }

    [TestMethod]
    public void A_comma_that_can_separate_or_be_a_decimal_sign_is_asked_for()
    {
        const string text = "1,07\n2,14\n3,21\n";
        StringAssert.Contains(
            _tables.RowsRefusal(text),
            "table.csv, line 2: it can be 2 cells, '2' and '14', or the number '2,14' with a decimal comma. "
                + "Say which with --separator comma or --separator none."
        );
        Assert.AreEqual("1.07 | 2.14 | 3.21", _tables.Rows(text, new() { Separator = TableOptions.NoSeparator }));
        Assert.AreEqual("1.07 | 2.14 | 3.21", _tables.Rows(text, new() { DecimalSign = ',' }));
        Assert.AreEqual("1 7 | 2 14 | 3 21", _tables.Rows(text, new() { Separator = ',', IndexColumn = "none" }));
        // A header of two names, a sign or a point leaves one reading.
        Assert.AreEqual("1 7 | 4 14 | 3 21", _tables.Rows("a,b\n1,07\n4,14\n3,21\n"));
        Assert.AreEqual("1 -7 | 4 14 | 3 21", _tables.Rows("1,-07\n4,14\n3,21\n"));
        Assert.AreEqual("1 7.5 | 4 14 | 3 21", _tables.Rows("1,7.5\n4,14\n3,21\n"));
    }

    [TestMethod]
    public void A_blank_that_can_separate_or_group_thousands_is_asked_for()
    {
        const string text = "id x\n1 273.356\n2 905.052\n";
        StringAssert.Contains(
            _tables.RowsRefusal(text),
            "it can be 2 cells, '1' and '273.356', or the number '1 273.356'. Say which with --separator space or --separator none."
        );
        Assert.AreEqual("273.356 | 905.052", _tables.Rows(text, new() { Separator = ' ' }));
        Assert.AreEqual("1273.356 | 2905.052", _tables.Rows(text, new() { Separator = TableOptions.NoSeparator }));
    }

    [TestMethod]
    public void A_comma_in_some_numbers_of_a_single_column_is_asked_for()
    {
        StringAssert.Contains(
            _tables.RowsRefusal("x\n1\n2,5\n3\n"),
            "line 3: '2,5' can be one number with a decimal comma, or two cells where other lines have one"
        );
        Assert.AreEqual("1 | 2.5 | 3", _tables.Rows("x\n1\n2,5\n3\n", new() { DecimalSign = ',' }));
    }

    [TestMethod]
    public void Words_with_another_separator_in_them_are_not_cut()
    {
        Assert.AreEqual("1.5 2 | 3 4.5", _tables.Rows("1.5,2,a;b\n3,4.5,c;d\n", labelColumn: "3"));
        Assert.AreEqual("1.5 2 | 3 4.5", _tables.Rows("1,5;2;cat\n3;4,5;dog\n", labelColumn: "3"));
        Assert.AreEqual("cat|a dog|b cat|a", _tables.Labels("\"cat|a\"\n\"dog|b\"\n\"cat|a\"\n", 3));
    }

    [TestMethod]
    public void A_separator_that_is_given_is_taken()
    {
        Assert.AreEqual("1.5 2 | 3 4.5", _tables.Rows("1,5 2\n3 4,5\n", new() { Separator = ' ' }));
        StringAssert.Contains(
            _tables.RowsRefusal("1.5,2\n3,4.5\n", new() { Separator = ';' }),
            "line 1, column 1: the cell is '1.5,2', not a finite number"
        );
    }
}
