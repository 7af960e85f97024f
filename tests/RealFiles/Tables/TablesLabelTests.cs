using System.Runtime.InteropServices;
using System.Text;
using NoisyNN.Pipelines.Data.Formats;
using NoisyNN.Pipelines.Data.Formats.Tables;
using NoisyNN.Tests.Data;
using NoisyNN.Transforms.Entropy;

namespace NoisyNN.Tests.RealFiles.Tables;

/// <summary>Labels in files of their own: each row gets its own, or the file is refused.</summary>
[TestClass]
public sealed class TablesLabelTests : IDisposable
{
    readonly TablesAsWritten _tables = new();

    public void Dispose() => _tables.Dispose();

    [TestMethod]
    [DataRow("0\n1\n0\n", "0 1 0")]
    [DataRow("label\n0\n1\n0\n", "0 1 0")]
    [DataRow("kind\ncat\ndog\ncat\n", "cat dog cat")]
    [DataRow(",label\n0,cat\n1,dog\n2,cat\n", "cat dog cat", DisplayName = "a pandas series with its index")]
    [DataRow(",0\n0,1\n1,0\n2,1\n", "1 0 1", DisplayName = "a pandas series without a name")]
    [DataRow("id,label\n7,cat\n9,dog\n8,cat\n", "cat dog cat", DisplayName = "ids beside labels")]
    [DataRow(" cat \ndog\ncat\n", "cat dog cat")]
    [DataRow("TRUE\nFalse\ntrue\n", "TRUE FALSE TRUE")]
    [DataRow("9007199254740993\n9007199254740992\n9007199254740993\n", "9007199254740993 9007199254740992 9007199254740993")]
    [DataRow(
        "123456789012345678901\n123456789012345678902\n123456789012345678901\n",
        "123456789012345678901 123456789012345678902 123456789012345678901"
    )]
    [DataRow("1,0\n0,1\n1,0\n", "0 1 0", DisplayName = "one-hot, two classes")]
    [DataRow("1,0,0\n0,0,1\n0,1,0\n", "0 2 1", DisplayName = "one-hot")]
    [DataRow("0,1,2\n1,0,0\n0,0,1\n0,1,0\n", "0 2 1", DisplayName = "one-hot under numbers")]
    [DataRow("red,green,blue\n1,0,0\n0,0,1\n0,1,0\n", "red blue green", DisplayName = "one-hot under names")]
    [DataRow("red,green\n1.0,0.0\n0.0,1.0\n1.0,0.0\n", "red green red", DisplayName = "one-hot in decimals")]
    public void Labels_of_one_meaning_are_read(string text, string labels) => Assert.AreEqual(labels, _tables.Labels(text, 3));

    [TestMethod]
    [DataRow("0\n1\n0\n1\n")]
    [DataRow("cat\ndog\ncat\ndog\n")]
    [DataRow("0\n2\n1\n2\n", DisplayName = "a first label that no other row has")]
    [DataRow("1,0\n0,1\n1,0\n0,1\n", DisplayName = "one-hot")]
    public void One_label_too_many_is_not_taken_for_a_header(string text)
    {
        var message = _tables.LabelsRefusal(text, 3);
        StringAssert.Contains(
            message,
            "can be a header, or the first of 4 labels, of which one is too many for 3 rows. "
                + "Say which with --labels-header yes or --labels-header no."
        );
        Assert.AreEqual(3, _tables.Labels(text, 3, new() { HasHeader = true }).Split(' ').Length);
        StringAssert.Contains(_tables.LabelsRefusal(text, 3, new() { HasHeader = false }), "has 4 labels for 3 rows");
    }

    [TestMethod]
    [DataRow("label\n0\n1\n")]
    [DataRow("label\ncat\ndog\n")]
    public void A_header_does_not_stand_in_for_a_label_that_is_missing(string text) =>
        StringAssert.Contains(
            _tables.LabelsRefusal(text, 3),
            "has 2 labels for 3 rows, its header (label) not counted; give every row one"
        );

    [TestMethod]
    [DataRow("cat\nnan\ndog\n", "the label of row 1 is 'nan'")]
    [DataRow("cat\nNA\ndog\n", "or give the class another name")]
    [DataRow("1.5\nnan\n2\n", "the label of row 1 is NaN")]
    [DataRow("a,1\nb,\nc,2\n", "has 2 columns with words, of which one alone can be the labels")]
    [DataRow("1,0,0\n0,0,0\n0,1,0\n", "but row 1 has none")]
    [DataRow(
        "0,cat\n1,dog\n2,cat\n",
        "the first column counts the rows from 0. It can be an index, or the labels. Leave one of the columns out of the file"
    )]
    public void Labels_that_are_missing_are_named(string text, string message) =>
        StringAssert.Contains(_tables.LabelsRefusal(text, 3), message);

    [TestMethod]
    public void A_first_label_that_no_other_row_has_is_told()
    {
        Assert.AreEqual("kind cat cat", _tables.Labels("kind\ncat\ncat\n", 3));
        StringAssert.Contains(
            _tables.Notes.Single(),
            "line 1 (kind) is read as a label, which no other row has. --labels-header yes reads it as the header."
        );
    }

    [TestMethod]
    public void Classes_that_differ_by_capital_letters_are_told()
    {
        Assert.AreEqual("Cat cat Cat", _tables.Labels("Cat\ncat\nCat\n", 3));
        StringAssert.Contains(_tables.Notes.Single(), "the classes 'Cat' and 'cat' differ by capital letters alone");
    }

    [TestMethod]
    public void Labels_with_decimal_commas_are_numbers()
    {
        var classes = VectorFile.ReadLabels(_tables.Save("y.csv", "0,5\n2,25\n1,75\n"), 3, table: new() { DecimalSign = ',' });
        StringAssert.Contains(classes.Origin, "10 bins of equal width from 0.5 to 2.25");
    }

    [TestMethod]
    public void Texts_of_an_array_are_labels()
    {
        var words = string.Concat(((string[])["cat", "dög", "cat"]).Select(word => word.PadRight(4, '\0')));
        Assert.AreEqual("cat dög cat", Array("<U4", "(3,)", Encoding.UTF32.GetBytes(words)));
        Assert.AreEqual("cat dög cat", Array(">U4", "(3, 1)", new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetBytes(words)));
        Assert.AreEqual("cat dog cat", Array("|S3", "(3,)", "catdogcat"u8.ToArray()));
        Assert.AreEqual("1 2 1", Array("|S1", "(3,)", "121"u8.ToArray()));
        StringAssert.Contains(
            TablesAsWritten.Refusal(() => Array("|S3", "(3,)", [.. "cat"u8, 0xE9, 0, 0, .. "cat"u8])),
            "the text of row 1 has bytes that are not UTF-8. Save the texts with .astype('U')."
        );
        StringAssert.Contains(
            TablesAsWritten.Refusal(() => Array("|S1", "(3, 2)", "112211"u8.ToArray())),
            "one text in each row can be its label"
        );
    }

    [TestMethod]
    public void Integers_of_an_array_are_labels_with_all_of_their_figures()
    {
        Assert.AreEqual(
            "9007199254740993 9007199254740992 9007199254740993",
            Array("<i8", "(3,)", Bytes([9007199254740993, 9007199254740992, 9007199254740993]))
        );
        Assert.AreEqual("18446744073709551615 3 18446744073709551615", Array("<u8", "(3,)", Bytes([-1, 3, -1])));
        Assert.AreEqual("0 1 0", Array("|b1", "(3,)", [0, 1, 0]));
        Assert.AreEqual("0 2 1", Array("|u1", "(3, 3)", [1, 0, 0, 0, 0, 1, 0, 1, 0]), "one-hot");
        double[] rounded = [9007199254740992, 9007199254740994, 9007199254740992];
        StringAssert.Contains(
            TablesAsWritten.Refusal(() => Array("<f8", "(3,)", MemoryMarshal.AsBytes(rounded.AsSpan()).ToArray())),
            "in which different ones become equal. Save them with .astype('<i8')."
        );
    }

    static byte[] Bytes(long[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    string Array(string type, string shape, byte[] data) => _tables.LabelsOf(_tables.Save("y.npy", NpyFileTests.Npy(type, shape, data)), 3);
}
