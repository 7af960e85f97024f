using System.IO.Compression;
using System.Text;

namespace NoisyNN.Tests.RealFiles.Tables;

/// <summary>Bytes that become text, or a refusal that says what they are.</summary>
[TestClass]
public sealed class TablesEncodingTests : IDisposable
{
    const string Text = "a,b\n1,2.5\n3,4\n",
        Expected = "1 2.5 | 3 4";

    readonly TablesAsWritten _tables = new();

    public void Dispose() => _tables.Dispose();

    [TestMethod]
    public void Every_encoding_of_Unicode_is_read_with_and_without_its_mark()
    {
        foreach (
            var encoding in (Encoding[])
                [
                    new UTF8Encoding(true),
                    new UTF8Encoding(false),
                    Encoding.Unicode,
                    Encoding.BigEndianUnicode,
                    Encoding.UTF32,
                    new UTF32Encoding(true, true),
                ]
        )
            Assert.AreEqual(
                Expected,
                _tables.RowsOf(_tables.Save("x.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes(Text)])),
                encoding.WebName
            );
        foreach (var encoding in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode])
            Assert.AreEqual(Expected, _tables.RowsOf(_tables.Save("x.csv", encoding.GetBytes(Text))), encoding.WebName);
    }

    [TestMethod]
    [DataRow("\n")]
    [DataRow("\r\n")]
    [DataRow("\r")]
    public void Every_line_end_is_read(string end)
    {
        Assert.AreEqual(Expected, _tables.Rows(Text.Replace("\n", end, StringComparison.Ordinal)));
        Assert.AreEqual(Expected, _tables.Rows(Text.Replace("\n", end, StringComparison.Ordinal).TrimEnd('\r', '\n')));
    }

    [TestMethod]
    public void A_mark_before_a_table_without_a_header_is_no_part_of_its_first_number() =>
        Assert.AreEqual("1 2.5 | 3 4", _tables.Rows("\ufeff1,2.5\n3,4\n"));

    [TestMethod]
    public void Bytes_of_another_encoding_are_named_by_line() =>
        StringAssert.Contains(
            TablesAsWritten.Refusal(() => _tables.RowsOf(_tables.Save("x.csv", Encoding.Latin1.GetBytes("a,b\n1,2\n3,4é\n")))),
            "x.csv, line 3: the bytes there are not UTF-8. Save the file as UTF-8; it may be in Latin-1 or Windows-1252."
        );

    [TestMethod]
    public void Other_files_under_the_name_of_a_table_are_told_apart()
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(Text));
        StringAssert.Contains(Refusal(zipped.ToArray()), "compressed with gzip; unpack it first");
        StringAssert.Contains(Refusal([(byte)'P', (byte)'K', 3, 4, 20, 0]), "a zip archive or an Excel workbook; export the table as .csv");
        StringAssert.Contains(Refusal("PAR1...."u8.ToArray()), "a Parquet file");
        StringAssert.Contains(Refusal([0x93, .. "NUMPY"u8]), "a .npy array; give it a name that ends in .npy");
        StringAssert.Contains(Refusal([1, 0, 0, 0, 7, 0, 0, 1, 1]), "is not text: it has bytes that are 0");

        string Refusal(byte[] content) => TablesAsWritten.Refusal(() => _tables.RowsOf(_tables.Save("x.csv", content)));
    }
}
