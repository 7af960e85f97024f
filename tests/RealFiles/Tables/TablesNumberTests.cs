using NoisyNN.Pipelines.Data.Formats.Tables;

namespace NoisyNN.Tests.RealFiles.Tables;

/// <summary>Decimal signs, groups of thousands, and what is no number.</summary>
[TestClass]
public sealed class TablesNumberTests : IDisposable
{
    readonly TablesAsWritten _tables = new();

    public void Dispose() => _tables.Dispose();

    [TestMethod]
    [DataRow("0,5;1,25\n2;3,75\n", "0.5 1.25 | 2 3.75", DisplayName = "decimal commas")]
    [DataRow("a;b\n0,5;-1,25\n2;3,75e2\n", "0.5 -1.25 | 2 375", DisplayName = "decimal commas under a header")]
    [DataRow("\"0,5\",\"1,25\"\n\"2\",\"3,75\"\n", "0.5 1.25 | 2 3.75", DisplayName = "decimal commas in quotes")]
    [DataRow("0,5\t1,25\n2\t3,75\n", "0.5 1.25 | 2 3.75", DisplayName = "decimal commas and tabs")]
    [DataRow("1.234,5;2\n1.000;3\n", "1234.5 2 | 1000 3", DisplayName = "points group thousands")]
    [DataRow("\"1,234.5\",2\n\"1,000\",3\n", "1234.5 2 | 1000 3", DisplayName = "commas group thousands")]
    [DataRow("1,234,567;2\n1;3\n", "1234567 2 | 1 3", DisplayName = "commas group millions")]
    [DataRow("1 234,5;2\n1;3\n", "1234.5 2 | 1 3", DisplayName = "blanks group thousands")]
    [DataRow("1'234.5;2\n1;3\n", "1234.5 2 | 1 3", DisplayName = "apostrophes group thousands")]
    [DataRow("1\u00a0234.5;2\n1;3\n", "1234.5 2 | 1 3", DisplayName = "hard blanks group thousands")]
    [DataRow("1.234;5.678\n9.876;5.432\n", "1.234 5.678 | 9.876 5.432", DisplayName = "decimal points with three figures")]
    [DataRow("\u22121.5;2\n3;4\n", "-1.5 2 | 3 4", DisplayName = "a typographic minus")]
    [DataRow(".5;+2.\n1e-3;4E+2\n", "0.5 2 | 0.001 400", DisplayName = "bare points and exponents")]
    public void Numbers_of_one_meaning_are_read(string text, string rows) => Assert.AreEqual(rows, _tables.Rows(text));

    [TestMethod]
    public void A_comma_before_three_figures_is_asked_for()
    {
        const string text = "1,234;5\n6,789;0\n";
        StringAssert.Contains(
            _tables.RowsRefusal(text),
            "line 1: '1,234' can be 1234 or 1.234. Say which with --decimal point or --decimal comma."
        );
        Assert.AreEqual("1.234 5 | 6.789 0", _tables.Rows(text, new() { DecimalSign = ',' }));
        Assert.AreEqual("1234 5 | 6789 0", _tables.Rows(text, new() { DecimalSign = '.' }));
        Assert.AreEqual("1.234 5 | 6.78 0", _tables.Rows("1,234;5\n6,78;0\n"), "another number decides");
        Assert.AreEqual("1234 0.5 | 6789 0", _tables.Rows("1,234;0.5\n6,789;0\n"), "another number decides");
    }

    [TestMethod]
    public void Two_decimal_signs_in_one_table_are_refused_with_both_lines()
    {
        StringAssert.Contains(_tables.RowsRefusal("0,5;1\n0.25;2\n"), "'0,5' in line 1 has a decimal comma, but '0.25' in line 2 a point");
        StringAssert.Contains(_tables.RowsRefusal("2,5;1\n1.234;2\n"), "say with --decimal comma that points group thousands");
        Assert.AreEqual("2.5 1 | 1234 2", _tables.Rows("2,5;1\n1.234;2\n", new() { DecimalSign = ',' }));
    }

    [TestMethod]
    [DataRow("NaN")]
    [DataRow("inf")]
    [DataRow("-Infinity")]
    [DataRow("NA")]
    [DataRow("1e999")]
    [DataRow("1.2.3")]
    [DataRow("12,34,56")]
    [DataRow("1 2345")]
    [DataRow("0x10")]
    [DataRow("1_000")]
    [DataRow("5 %")]
    [DataRow("cat")]
    public void What_is_no_finite_number_is_named_by_line_and_column(string cell) =>
        StringAssert.Contains(
            _tables.RowsRefusal($"a;b\n1;2\n3;\"{cell}\"\n5;6\n"),
            $"line 3, column 2 ('b'): the cell is '{cell}', not a finite number"
        );

    [TestMethod]
    public void An_empty_cell_is_named_by_line_and_column() =>
        StringAssert.Contains(
            _tables.RowsRefusal("a,b\n1,2\n,4\n"),
            "line 3, column 1 ('a'): the cell is empty. Fill it, or leave the row or the column out."
        );
}
