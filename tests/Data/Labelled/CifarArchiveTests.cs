using NoisyNN.Pipelines.Data.Formats.Labelled;
using NoisyNN.Transforms.Images;

namespace NoisyNN.Tests.Data.Labelled;

[TestClass]
public sealed class CifarArchiveTests
{
    /// <summary>Records of 1 + 3 x 1 x 2 bytes.</summary>
    static readonly ImageShape s_shape = new(3, 1, 2);

    static readonly byte[] s_archive = TarArchive.Of(
        ("batches/data_batch_2.bin", [2, 21, 22, 23, 24, 25, 26]),
        ("batches/test_batch.bin", [0, 1, 2, 3, 4, 5, 6]),
        ("batches/data_batch_1.bin", [1, 11, 12, 13, 14, 15, 16, 0, 17, 18, 19, 20, 21, 22]),
        ("batches/batches.meta.txt", [65, 66])
    );

    [TestMethod]
    public void Records_come_in_the_order_of_the_batches_whatever_their_order_in_the_archive()
    {
        var train = CifarArchive.Read(s_archive, "cifar.tar.gz", "train", s_shape);

        Assert.AreSequenceEqual(new byte[] { 1, 0, 2 }, train.Classes);
        Assert.AreSequenceEqual(new byte[] { 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 21, 22, 23, 24, 25, 26 }, train.Pixels);
    }

    [TestMethod]
    public void The_test_batch_is_the_test_split()
    {
        var test = CifarArchive.Read(s_archive, "cifar.tar.gz", "test", s_shape);

        Assert.AreSequenceEqual(new byte[] { 0 }, test.Classes);
        Assert.AreSequenceEqual(new byte[] { 1, 2, 3, 4, 5, 6 }, test.Pixels);
    }

    [TestMethod]
    public void A_batch_that_ends_within_a_record_is_refused_by_name()
    {
        var archive = TarArchive.Of(("b/test_batch.bin", [0, 1, 2, 3, 4, 5, 6, 0]));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => CifarArchive.Read(archive, "cifar.tar.gz", "test", s_shape));

        Assert.Contains("cifar.tar.gz: b/test_batch.bin has 8 bytes; its records have 7 bytes", error.Message);
    }

    [TestMethod]
    public void A_truncated_archive_is_refused_by_name()
    {
        var whole = TarArchive.Of(("b/test_batch.bin", [.. Enumerable.Range(0, 70_000).Select(i => (byte)(i * 31 % 251))]));

        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
            CifarArchive.Read(whole[..(whole.Length / 2)], "cifar.tar.gz", "test", s_shape)
        );

        Assert.StartsWith("cifar.tar.gz: the archive is ", error.Message);
    }

    [TestMethod]
    public void A_header_that_claims_more_than_the_archive_can_hold_is_refused_before_memory_is_taken()
    {
        var archive = new byte[1024];
        "b/test_batch.bin"u8.CopyTo(archive);
        "0000644\0"u8.CopyTo(archive.AsSpan(100));
        "07777777777\0"u8.CopyTo(archive.AsSpan(124)); // 1 GiB less a byte
        archive[156] = (byte)'0';
        archive.AsSpan(148, 8).Fill((byte)' ');
        var sum = archive.Take(512).Sum(value => value);
        System.Text.Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(archive, 148);

        var error = Assert.ThrowsExactly<InvalidDataException>(() =>
            CifarArchive.Read(IdxDataSet.Compress(archive), "cifar.tar.gz", "test", s_shape)
        );

        Assert.Contains("b/test_batch.bin makes it 1073741823 bytes, more than can be read", error.Message);
    }
}
