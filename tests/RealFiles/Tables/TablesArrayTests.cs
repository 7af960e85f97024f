using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using NoisyNN.Pipelines.Data.Formats;
using NoisyNN.Tests.Data;

namespace NoisyNN.Tests.RealFiles.Tables;

/// <summary>Arrays of numpy in every layout, and archives of them.</summary>
[TestClass]
public sealed class TablesArrayTests : IDisposable
{
    readonly TablesAsWritten _tables = new();

    public void Dispose() => _tables.Dispose();

    [TestMethod]
    public void Big_endian_numbers_are_read()
    {
        var doubles = new byte[16];
        BinaryPrimitives.WriteDoubleBigEndian(doubles, 1.5);
        BinaryPrimitives.WriteDoubleBigEndian(doubles.AsSpan(8), -2);
        Assert.AreEqual("1.5 -2", Array(">f8", "(1, 2)", doubles));
        Assert.AreEqual("258 -2", Array(">i2", "(1, 2)", [1, 2, 0xFF, 0xFE]));
        Assert.AreEqual("65536", Array(">u4", "(1, 1)", [0, 1, 0, 0]));
        Assert.AreEqual("1.5", Array(">f2", "(1, 1)", [0x3E, 0]));
        Assert.AreEqual("1.5", Array(">f4", "(1, 1)", [0x3F, 0xC0, 0, 0]));
    }

    [TestMethod]
    public void Rows_are_the_first_axis_whatever_the_others_are()
    {
        Assert.AreEqual("1 2 3 4 | 5 6 7 8", Array("|u1", "(2, 2, 2)", [1, 2, 3, 4, 5, 6, 7, 8]));
        Assert.AreEqual("1 | 2 | 3", Array("|u1", "(3,)", [1, 2, 3]));
        Assert.AreEqual("1 0 | 0 1", Array("|b1", "(2, 2)", [1, 0, 0, 1]));
    }

    [TestMethod]
    public void Integers_beyond_what_a_number_holds_are_no_feature()
    {
        long[] ids = [1, 9007199254740993];
        StringAssert.Contains(
            TablesAsWritten.Refusal(() => Array("<i8", "(2, 1)", MemoryMarshal.AsBytes(ids.AsSpan()).ToArray())),
            "has 9007199254740993 at element 1, an integer beyond 2^53, which a feature cannot hold exactly"
        );
        Assert.AreEqual("1 | 9007199254740992", Array("<i8", "(2, 1)", [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0]));
    }

    [TestMethod]
    public void An_archive_of_one_array_is_read_under_either_name()
    {
        foreach (var name in (string[])["x.npz", "x.npy"])
        {
            Assert.AreEqual(
                "1 2 | 3 4",
                _tables.RowsOf(_tables.Save(name, Archive(("x.npy", NpyFileTests.Npy("|u1", "(2, 2)", [1, 2, 3, 4]))))),
                name
            );
            var view = new NpyRowView(_tables[name]);
            using var cursor = view.GetRowCursor(view.Schema);
            var (getter, row) = (
                cursor.GetGetter<Microsoft.ML.Data.VBuffer<byte>>(view.Schema["Features"]),
                default(Microsoft.ML.Data.VBuffer<byte>)
            );
            Assert.IsTrue(cursor.MoveNext() && cursor.MoveNext());
            getter(ref row);
            CollectionAssert.AreEqual(new byte[] { 3, 4 }, row.DenseValues().ToArray());
        }
        Assert.AreEqual(
            "1 2 | 3 4",
            _tables.RowsOf(_tables.Save("array.npz", NpyFileTests.Npy("|u1", "(2, 2)", [1, 2, 3, 4]))),
            "an array under the name of an archive"
        );
    }

    [TestMethod]
    public void An_archive_that_is_not_one_array_is_refused_with_the_remedy()
    {
        var one = NpyFileTests.Npy("|u1", "(2, 2)", [1, 2, 3, 4]);
        StringAssert.Contains(
            Refusal(Archive(("x.npy", one), ("y.npy", one))),
            "is an .npz archive of 2 arrays, x, y; only one is supported. Save the one that you mean with numpy.save."
        );
        StringAssert.Contains(Refusal(Archive(("readme.txt", one))), "is an .npz archive of 0 arrays");
        StringAssert.Contains(Refusal(Archive(("x.npy", one))[..^30]), "is a damaged .npz archive");
        StringAssert.Contains(Refusal(Archive(("x.npy", one[..40]))), "is cut off");

        string Refusal(byte[] content) => TablesAsWritten.Refusal(() => _tables.RowsOf(_tables.Save("x.npz", content)));
    }

    [TestMethod]
    public void Python_objects_are_refused_since_reading_them_runs_code() =>
        StringAssert.Contains(
            TablesAsWritten.Refusal(() => Array("|O", "(1,)", new byte[8])),
            "holds Python objects, which are not read, since unpickling runs code. Save numbers with .astype('<f8')"
        );

    string Array(string type, string shape, byte[] data) => _tables.RowsOf(_tables.Save("x.npy", NpyFileTests.Npy(type, shape, data)));

    static byte[] Archive(params (string Name, byte[] Content)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return bytes.ToArray();
    }
}
