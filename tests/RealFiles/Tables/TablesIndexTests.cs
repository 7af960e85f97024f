using NoisyNN.Pipelines.Data.Formats.Tables;

namespace NoisyNN.Tests.RealFiles.Tables;

/// <summary>What only counts or names rows is no feature.</summary>
[TestClass]
public sealed class TablesIndexTests : IDisposable
{
    const string Expected = "0.5 1.5 | 2.5 3.5 | 4.5 5.5";

    readonly TablesAsWritten _tables = new();

    public void Dispose() => _tables.Dispose();

    [TestMethod]
    [DataRow("", "0", "1", "2", DisplayName = "pandas, without a name")]
    [DataRow("", "7", "3", "5", DisplayName = "a shuffled index without a name")]
    [DataRow("", "a", "b", "c", DisplayName = "row names without a name")]
    [DataRow("Unnamed: 0", "0", "1", "2", DisplayName = "pandas, read and written again")]
    [DataRow("id", "9007199254740993", "9007199254740992", "9007199254740994", DisplayName = "64-bit ids")]
    [DataRow("Index", "1", "2", "3", DisplayName = "index")]
    [DataRow("customer_id", "x7", "x8", "x9", DisplayName = "ids of text")]
    [DataRow("row", "1", "2", "3", DisplayName = "row")]
    public void An_index_is_left_out_and_told(string name, string first, string second, string third)
    {
        Assert.AreEqual(Expected, _tables.Rows($"{name},a,b\n{first},0.5,1.5\n{second},2.5,3.5\n{third},4.5,5.5\n"));
        StringAssert.Contains(
            _tables.Notes.Single(),
            "is read as the index of the rows and left out. --index-column none makes it a feature."
        );
    }

    [TestMethod]
    public void Two_indexes_are_left_out() =>
        Assert.AreEqual("0.5 | 2.5 | 4.5", _tables.Rows(",Unnamed: 0,a\n0,5,0.5\n1,6,2.5\n2,7,4.5\n"));

    [TestMethod]
    public void An_index_before_names_that_are_numbers_is_left_out() =>
        Assert.AreEqual(Expected, _tables.Rows(",0,1\n0,0.5,1.5\n1,2.5,3.5\n2,4.5,5.5\n"));

    [TestMethod]
    public void The_option_decides()
    {
        const string text = "id,a,b\n1,0.5,1.5\n2,2.5,3.5\n3,4.5,5.5\n";
        Assert.AreEqual("1 0.5 1.5 | 2 2.5 3.5 | 3 4.5 5.5", _tables.Rows(text, new() { IndexColumn = "none" }));
        Assert.IsEmpty(_tables.Notes);
        Assert.AreEqual("1.5 | 3.5 | 5.5", _tables.Rows(text, new() { IndexColumn = "a" }), "the id is an index all the same");
        StringAssert.Contains(_tables.RowsRefusal(text, new() { IndexColumn = "z" }), "has no column 'z'; it has id, a, b");
    }

    [TestMethod]
    public void A_first_column_that_counts_without_a_header_is_asked_for()
    {
        const string text = "0,0.5,1.5\n1,2.5,3.5\n2,4.5,5.5\n";
        StringAssert.Contains(
            _tables.RowsRefusal(text),
            "line 1: the first column counts the rows from 0. It can be an index, or a feature. "
                + "Say which with --index-column 1 or --index-column none."
        );
        Assert.AreEqual(Expected, _tables.Rows(text, new() { IndexColumn = "1" }));
        Assert.AreEqual("0 0.5 1.5 | 1 2.5 3.5 | 2 4.5 5.5", _tables.Rows(text, new() { IndexColumn = "none" }));
    }

    [TestMethod]
    public void A_first_column_that_counts_from_anywhere_is_asked_for() =>
        StringAssert.Contains(_tables.RowsRefusal("100,0.5\n101,2.5\n102,4.5\n"), "the first column counts the rows from 100");

    [TestMethod]
    public void A_column_that_counts_under_a_name_of_its_own_is_a_feature_and_told()
    {
        Assert.AreEqual("0 0.5 | 1 2.5 | 2 4.5", _tables.Rows("time,a\n0,0.5\n1,2.5\n2,4.5\n"));
        StringAssert.Contains(
            _tables.Notes.Single(),
            "the column 'time' counts the rows from 0 and is read as a feature. --index-column time leaves it out."
        );
    }

    [TestMethod]
    public void A_name_of_an_index_over_other_values_is_asked_for()
    {
        StringAssert.Contains(
            _tables.RowsRefusal("store_id,a\n7,0.5\n7,2.5\n8,4.5\n"),
            "'store_id' can be an index by its name, but its values repeat. Say which with --index-column 1 or --index-column none."
        );
        StringAssert.Contains(
            _tables.RowsRefusal(",a\n0.25,0.5\n0.75,2.5\n"),
            "which has no name, can be an index by its name, but has fractions"
        );
        Assert.AreEqual("1.33 0.5 | 1.5 2.5", _tables.Rows("index,a\n1.33,0.5\n1.5,2.5\n"), "a refractive index");
    }

    [TestMethod]
    public void Integers_beyond_what_a_number_holds_are_no_feature()
    {
        StringAssert.Contains(
            _tables.RowsRefusal("user,a\n9007199254740993,0.5\n9007199254740992,1.5\n"),
            "line 2, column 1 ('user'): the cell is 9007199254740993, an integer beyond 2^53, "
                + "which a feature cannot hold exactly. Leave out a column of ids with --index-column 1"
        );
        Assert.AreEqual(
            "9007199254740994 0.5 | 1E+20 1.5",
            _tables.Rows("user,a\n9007199254740994,0.5\n100000000000000000000,1.5\n"),
            "these are exact"
        );
    }

    [TestMethod]
    public void A_column_of_labels_among_the_features_is_asked_for()
    {
        const string text = "a,Label\n0.5,1\n1.5,0\n";
        StringAssert.Contains(
            _tables.RowsRefusal(text),
            "the column 'Label' can hold the labels, or a feature. Say which with --label-column Label or --label-column none."
        );
        Assert.AreEqual("0.5 | 1.5", _tables.Rows(text, labelColumn: "Label"));
        Assert.AreEqual("0.5 1 | 1.5 0", _tables.Rows(text, labelColumn: "none"));
    }
}
