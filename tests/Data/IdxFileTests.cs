using NoisyNN.Pipelines.Data.Formats;

namespace NoisyNN.Tests.Data;

[TestClass]
public sealed class IdxFileTests
{
    [TestMethod]
    public void A_file_comes_back_as_it_was_written()
    {
        byte[] values = [.. Enumerable.Range(0, 4 * 2 * 3).Select(i => (byte)(i * 11))];

        var array = IdxFile.Read(IdxDataSet.Idx([4, 2, 3], values), "images", rank: 3);

        Assert.AreSequenceEqual(new[] { 4, 2, 3 }, array.Dimensions.ToArray());
        Assert.AreSequenceEqual(values, array.Values);
    }

    [TestMethod]
    public void A_file_cut_off_at_any_sixteenth_is_truncated()
    {
        var random = new byte[3000];
        new Random(1).NextBytes(random);
        var whole = IdxDataSet.Idx([3000], random);

        for (var part = 0; part < 16; part++)
        {
            var error = Assert.ThrowsExactly<InvalidDataException>(() =>
                IdxFile.Read(whole[..(whole.Length * part / 16)], "labels.gz", rank: 1)
            );
            Assert.StartsWith("labels.gz: ", error.Message);
            Assert.Contains("Get", error.Message);
        }
    }

    [TestMethod]
    public void A_flipped_bit_anywhere_is_an_error_or_harmless_and_never_a_crash()
    {
        byte[] values = [.. Enumerable.Range(0, 200).Select(i => (byte)(i * i))];
        var whole = IdxDataSet.Idx([200], values);

        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.AreSequenceEqual(values, IdxFile.Read(damaged, "labels.gz", rank: 1).Values);
            }
            catch (InvalidDataException error)
            {
                Assert.StartsWith("labels.gz: ", error.Message);
            }
        }
    }

    [TestMethod]
    public void Another_kind_of_file_is_named_by_its_magic_number()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
            IdxFile.Read(IdxDataSet.Idx([4], [1, 2, 3, 4], magic: 0x0D01), "floats.gz", rank: 1)
        );

        Assert.Contains("0x00000d01, not 0x00000801", error.Message);
    }

    [TestMethod]
    public void Data_beyond_what_the_header_announces_is_refused()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => IdxFile.Read(IdxDataSet.Idx([3], [1, 2, 3, 4]), "labels.gz", rank: 1));

        Assert.Contains("more data", error.Message);
    }

    [TestMethod]
    [DataRow(2_000_000_000, 1, 1)]
    [DataRow(60_000, 60_000, 60_000)]
    [DataRow(-1, 28, 28)]
    [DataRow(0, 28, 28)]
    public void A_header_that_claims_the_impossible_is_refused_before_memory_is_taken(int count, int height, int width)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.ThrowsExactly<InvalidDataException>(() =>
            IdxFile.Read(IdxDataSet.Idx([count, height, width], new byte[100]), "images.gz", rank: 3)
        );

        Assert.IsLessThan(10_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Something_that_is_not_compressed_is_refused()
    {
        Assert.ThrowsExactly<InvalidDataException>(() => IdxFile.Read("plain text, no gzip at all"u8.ToArray(), "labels.gz", rank: 1));
    }
}
