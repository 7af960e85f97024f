using System.Buffers.Binary;
using System.Text;
using NoisyNN.Pipelines.Data.Formats;

namespace NoisyNN.Tests.Data;

[TestClass]
public sealed class NpyFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("<f8", 8, false)]
    [DataRow("<f4", 4, false)]
    [DataRow("<f2", 2, false)]
    [DataRow("|i1", 1, true)]
    [DataRow("<i2", 2, true)]
    [DataRow("<i4", 4, true)]
    [DataRow("<i8", 8, true)]
    [DataRow("|u1", 1, true)]
    [DataRow("<u2", 2, true)]
    [DataRow("<u4", 4, true)]
    [DataRow("<u8", 8, true)]
    public void Every_type_of_number_is_read(string type, int size, bool isWhole)
    {
        var bytes = new byte[6 * size];
        for (var i = 0; i < 6; i++)
            Write(bytes.AsSpan(i * size), type, i + 1);
        var array = NpyFile.Read(Save(Npy(type, "(2, 3)", bytes)));

        CollectionAssert.AreEqual(new[] { 2, 3 }, array.Shape.ToArray());
        CollectionAssert.AreEqual(new double[] { 1, 2, 3, 4, 5, 6 }, array.Values);
        Assert.AreEqual(isWhole, array.IsWhole);
    }

    [TestMethod]
    public void Truth_values_negative_numbers_and_longer_headers_are_read()
    {
        CollectionAssert.AreEqual(new double[] { 1, 0, 1 }, NpyFile.Read(Save(Npy("|b1", "(3,)", [1, 0, 1]))).Values);
        CollectionAssert.AreEqual(new double[] { -1, 127 }, NpyFile.Read(Save(Npy("|i1", "(2,)", [0xff, 0x7f]))).Values);
        CollectionAssert.AreEqual(new double[] { 1, 0 }, NpyFile.Read(Save(Npy("|b1", "(2,)", [1, 0], version: 2))).Values);
        CollectionAssert.AreEqual(new double[] { 1, 0 }, NpyFile.Read(Save(Npy("|b1", "(2,)", [1, 0], version: 3))).Values);
    }

    [TestMethod]
    public void Fortran_s_order_is_turned_into_C_s()
    {
        // numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4)) lies in memory as 0, 12, 4, 16, 8, 20, 1, 13, ...
        var bytes = (
            from k in Enumerable.Range(0, 4)
            from j in Enumerable.Range(0, 3)
            from i in Enumerable.Range(0, 2)
            select (byte)(12 * i + 4 * j + k)
        ).ToArray();
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 24).Select(i => (double)i).ToArray(),
            NpyFile.Read(Save(Npy("|u1", "(2, 3, 4)", bytes, order: "True"))).Values
        );
    }

    [TestMethod]
    [DataRow("|O", "(1,)", 8, "Python objects")]
    [DataRow("<U5", "(1,)", 20, "holds texts, which can be labels but not features")]
    [DataRow("<c16", "(1,)", 16, "type '<c16'; numbers, truth values and texts are read. Save the parts of complex numbers side by side")]
    [DataRow("<M8[ns]", "(1,)", 8, "Save times as numbers with .astype('<i8')")]
    [DataRow("<f8", "(2, 2)", 31, "is cut off")]
    [DataRow("<f8", "(2, 2)", 33, "has 1 more bytes after its array")]
    [DataRow("<f8", "()", 8, "a single number")]
    [DataRow("<f8", "(99999999999,)", 8, "an axis has the length 99999999999")]
    [DataRow("<f8", "(2000000000, 2000000000)", 8, "more values than can be held")]
    [DataRow("<f8", "(-1,)", 8, "an axis has the length -1")]
    public void What_is_not_read_is_named_with_its_remedy(string type, string shape, int bytes, string message) =>
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => NpyFile.Read(Save(Npy(type, shape, new byte[bytes])))).Message,
            message
        );

    [TestMethod]
    public void Other_files_records_and_cut_off_headers_are_refused()
    {
        StringAssert.Contains(Refusal(Encoding.ASCII.GetBytes("1,2,3\n4,5,6\n")), "is not a .npy file");
        StringAssert.Contains(Refusal([]), "is not a .npy file");
        StringAssert.Contains(Refusal(Npy("<f8", "(1,)", new byte[8])[..40]), "is cut off");
        StringAssert.Contains(Refusal(Npy("<f8", "(1,)", new byte[8], version: 9)), "version 9");
        var records = Npy("<f8", "(1,)", new byte[8]);
        StringAssert.Contains(Refusal([.. Replace(records, "'descr': '<f8'", "'descr': [('a')")]), "records with named fields");

        string Refusal(byte[] content) => Assert.ThrowsExactly<InvalidDataException>(() => NpyFile.Read(Save(content))).Message;

        static byte[] Replace(byte[] content, string old, string value) =>
            Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(content).Replace(old, value, StringComparison.Ordinal));
    }

    internal static byte[] Npy(string type, string shape, byte[] data, string order = "False", byte version = 1)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': {order}, 'shape': {shape}, }}";
        header = header.PadRight(117) + "\n";
        var length = new byte[version == 1 ? 2 : 4];
        length[0] = (byte)header.Length;
        return [0x93, .. Encoding.ASCII.GetBytes("NUMPY"), version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. data];
    }

    string Save(byte[] content) => _folder.Write($"{Guid.NewGuid():N}.npy", content);

    static void Write(Span<byte> bytes, string type, int value)
    {
        switch (type)
        {
            case "<f8":
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
                break;
            case "<f4":
                BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
                break;
            case "<f2":
                BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value);
                break;
            default:
                bytes[0] = (byte)value;
                break;
        }
    }
}
