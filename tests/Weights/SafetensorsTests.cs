using System.Buffers.Binary;
using System.Text;
using NoisyNN.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Weights;

[TestClass]
public class SafetensorsTests
{
    [TestMethod]
    public void What_is_written_is_read_back_bit_by_bit()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var path = folder["weights.safetensors"];
        var values = new[] { 0f, -0f, float.NaN, float.PositiveInfinity, float.Epsilon, 1.5f };
        using (var stream = File.Create(path))
        {
            Safetensors.Write(
                stream,
                [
                    new("a", tensor(values).reshape(2, 3)),
                    new("b", tensor(new[] { long.MinValue, 3 })),
                    new("empty", zeros(0, 4)),
                    new("transposed", tensor(new[] { 1f, 2, 3, 4 }).reshape(2, 2).transpose(0, 1)),
                    new("ü.scalar", tensor(7.25)),
                ],
                new Dictionary<string, string> { ["format"] = "pt" }
            );
        }

        var read = Safetensors.Read(path, out var metadata);
        Assert.AreSequenceEqual(["a", "b", "empty", "transposed", "ü.scalar"], read.Keys.Order(StringComparer.Ordinal));
        Assert.AreEqual("pt", metadata["format"]);
        Assert.AreSequenceEqual([2L, 3], read["a"].shape);
        Assert.AreSequenceEqual(
            values.Select(BitConverter.SingleToInt32Bits),
            read["a"].data<float>().ToArray().Select(BitConverter.SingleToInt32Bits)
        );
        Assert.AreSequenceEqual([long.MinValue, 3], read["b"].data<long>().ToArray());
        Assert.AreSequenceEqual([0L, 4], read["empty"].shape);
        Assert.AreSequenceEqual([1f, 3, 2, 4], read["transposed"].data<float>().ToArray());
        Assert.AreEqual(7.25f, read["ü.scalar"].to_type(ScalarType.Float32).item<float>());
        foreach (var tensor in read.Values)
            tensor.Dispose();
    }

    [TestMethod]
    public void The_file_is_laid_out_as_the_format_says()
    {
        using var folder = new TemporaryFolder();
        using var weights = tensor(new[] { 1f, 2 });
        using (var stream = File.Create(folder["w"]))
            Safetensors.Write(stream, [new("w", weights)]);
        var bytes = File.ReadAllBytes(folder["w"]);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.AreEqual(0, length % 8);
        Assert.AreEqual(
            """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
            Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' ')
        );
        Assert.AreSequenceEqual(new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40 }, bytes[(8 + length)..]);
    }

    [TestMethod]
    [DataRow("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "needs 12 bytes", DisplayName = "shape larger than its bytes")]
    [DataRow(
        """{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        "take 4 bytes, but 8 follow",
        DisplayName = "bytes that belong to no tensor"
    )]
    [DataRow(
        """{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""",
        "take 12 bytes, but 8 follow",
        DisplayName = "tensor beyond the end"
    )]
    [DataRow("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "hole", DisplayName = "hole at the start")]
    [DataRow(
        """{"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "overlap",
        DisplayName = "overlap"
    )]
    [DataRow("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "offsets", DisplayName = "offsets turned round")]
    [DataRow("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "-2", DisplayName = "negative extent")]
    [DataRow(
        """{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""",
        "too large",
        DisplayName = "overflowing shape"
    )]
    [DataRow("""{"w":{"dtype":"F32","shape":[0.5],"data_offsets":[0,8]}}""", "0.5", DisplayName = "fraction of an extent")]
    [DataRow("""{"w":{"dtype":"Q8","shape":[2],"data_offsets":[0,8]}}""", "only F64, F32, F16, BF16", DisplayName = "unknown type")]
    [DataRow("""{"w":{"dtype":"F32","shape":[2]}}""", "not described", DisplayName = "no offsets")]
    [DataRow("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}""", "not described", DisplayName = "an extra field")]
    [DataRow(
        """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        "JSON",
        DisplayName = "a name twice"
    )]
    [DataRow("""{"w":[]}""", "not described", DisplayName = "no object")]
    [DataRow("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "not Unicode", DisplayName = "half a surrogate pair")]
    [DataRow("""[1,2]""", "begin with", DisplayName = "a list")]
    [DataRow("""{"w":{"dtype":"F32" """, "JSON", DisplayName = "broken JSON")]
    [DataRow("""{"a":{"b":{"c":{"d":{"e":1}}}}}""", "JSON", DisplayName = "deep nesting")]
    [DataRow(
        """{"__metadata__":{"a":1},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        "metadata 'a'",
        DisplayName = "metadata that is no text"
    )]
    public void A_header_that_does_not_describe_the_file_is_refused(string header, string reason) => AssertRefused(Content(header), reason);

    [TestMethod]
    public void A_header_length_beyond_the_file_or_the_cap_is_refused_before_anything_is_allocated()
    {
        var file = Content("{}");
        BinaryPrimitives.WriteUInt64LittleEndian(file, 1000);
        AssertRefused(file, "only 10 follow");
        BinaryPrimitives.WriteUInt64LittleEndian(file, 100_000_001);
        AssertRefused(file, "at most 100000000");
        BinaryPrimitives.WriteUInt64LittleEndian(file, ulong.MaxValue);
        AssertRefused(file, "at most 100000000");
        AssertRefused([1, 2, 3], "too few");
    }

    [TestMethod]
    public void A_file_cut_off_anywhere_is_refused()
    {
        var file = Content("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""");
        for (var length = 0; length < file.Length; length++)
            AssertRefused(file[..length], "");
    }

    [TestMethod]
    public void A_header_with_any_byte_changed_is_refused_or_read_and_nothing_else_happens()
    {
        using var folder = new TemporaryFolder();
        var file = Content("""{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""");
        var random = new Random(1);
        for (var position = 0; position < file.Length - 8; position++)
        for (var trial = 0; trial < 4; trial++)
        {
            var changed = (byte[])file.Clone();
            changed[position] ^= (byte)random.Next(1, 256);
            var path = folder.Write("changed.safetensors", changed);
            try
            {
                // A changed name, or metadata, is as good as another; what is read has no more bytes than the file.
                foreach (var tensor in Safetensors.Read(path).Values)
                {
                    Assert.IsLessThanOrEqualTo(8, tensor.bytes.Length);
                    tensor.Dispose();
                }
            }
            catch (InvalidDataException refusal)
            {
                Assert.Contains("changed.safetensors", refusal.Message);
            }
        }
    }

    /// <summary>A header and eight bytes of tensors.</summary>
    static byte[] Content(string header)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + text.Length + 8];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)text.Length);
        text.CopyTo(file, 8);
        return file;
    }

    static void AssertRefused(byte[] content, string reason)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("hostile.safetensors", content);
        var message = Assert.Throws<InvalidDataException>(() => Safetensors.Read(path)).Message;
        Assert.Contains("hostile.safetensors", message);
        Assert.Contains(reason, message);
    }
}
