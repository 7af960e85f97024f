using NoisyNN.Models.Rows;

namespace NoisyNN.Tests.Training.Rows;

[TestClass]
public sealed class RowBytesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(long.MaxValue)]
    [DataRow(200_000L)]
    [DataRow(1_000L)]
    [DataRow(0L)]
    public void Rows_added_by_several_threads_are_read_as_they_were_written_and_memory_keeps_its_limit(long limit)
    {
        const int Threads = 4,
            Rows = 500;
        using var bytes = new RowBytes(limit, _folder.Path, largestChunk: 90_000);
        var places = new RowPlace[Threads * Rows];
        Parallel.For(
            0,
            Threads,
            new ParallelOptions { MaxDegreeOfParallelism = Threads },
            thread =>
            {
                for (var row = thread * Rows; row < (thread + 1) * Rows; row++)
                    places[row] = bytes.Add(Content(row));
            }
        );
        bytes.Complete();
        Parallel.For(0, places.Length, row => Assert.AreSequenceEqual(Content(row), bytes.Read(places[row]).ToArray()));

        var total = Enumerable.Range(0, places.Length).Sum(row => (long)Content(row).Length);
        Assert.IsTrue(bytes.MemoryLength <= limit, $"{bytes.MemoryLength} bytes in memory");
        Assert.AreEqual(places.Where(place => place.Chunk < 0).Sum(place => (long)place.Length), bytes.FileLength);
        Assert.AreEqual(limit < total, bytes.FileLength > 0);
        // Nearly all of the limit is used: what a row was too long for is left.
        Assert.IsTrue(
            total - bytes.FileLength >= Math.Min(total, limit) * 0.95 - 300,
            $"{total - bytes.FileLength} of {total} bytes in memory"
        );
    }

    [TestMethod]
    public void Rows_that_lie_beyond_two_gigabytes_of_the_file_are_found()
    {
        using var file = RowFile.Create(_folder.Path, expectedLength: 0);
        // A hole takes no room on the disk.
        for (var hole = 0; hole < 3; hole++)
            file.Reserve(int.MaxValue);
        var offset = file.Reserve(1000);
        Assert.AreEqual(3L * int.MaxValue, offset);
        file.Write(Content(7), offset);
        file.Map();
        Assert.AreSequenceEqual(Content(7), file.Read(offset, Content(7).Length).ToArray());
        Assert.AreSequenceEqual(new byte[100], file.Read(offset - 100, 100).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(offset, 1001));
    }

    [TestMethod]
    public void The_file_has_no_name_that_a_killed_process_could_leave_behind()
    {
        using (var bytes = new RowBytes(memoryLimit: 0, _folder.Path))
        {
            var place = bytes.Add([1, 2, 3]);
            bytes.Complete();
            if (!OperatingSystem.IsWindows())
                Assert.IsEmpty(Directory.GetFileSystemEntries(_folder.Path));
            Assert.AreSequenceEqual((byte[])[1, 2, 3], bytes.Read(place).ToArray());
        }
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [TestMethod]
    public void A_disk_without_room_for_the_expected_rows_is_refused_at_the_first_row_by_folder_and_bytes()
    {
        using var bytes = new RowBytes(memoryLimit: 1000, _folder.Path) { LeastLength = 1L << 51 };
        var refusal = Assert.Throws<IOException>(() => bytes.Add([1, 2]));
        Assert.Contains($"'{_folder.Path}'", refusal.Message);
        Assert.Contains("at least 2,251,799,813,684,248 bytes are needed", refusal.Message);
        Assert.Contains("WorkspacePath", refusal.Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder.Path));

        using var nowhere = new RowBytes(memoryLimit: 0, _folder["missing"]);
        Assert.Contains("missing", Assert.Throws<IOException>(() => nowhere.Add([1])).Message);
    }

    [TestMethod]
    public void A_file_that_was_made_and_not_needed_is_no_error()
    {
        using var bytes = new RowBytes(memoryLimit: 10, _folder.Path) { LeastLength = 20 };
        var place = bytes.Add([1, 2, 3]);
        bytes.Complete();
        Assert.AreEqual(0, bytes.FileLength);
        Assert.AreSequenceEqual((byte[])[1, 2, 3], bytes.Read(place).ToArray());
    }

    [TestMethod]
    public void What_is_disposed_is_not_read()
    {
        var bytes = new RowBytes(memoryLimit: 0, _folder.Path);
        var place = bytes.Add([1]);
        bytes.Complete();
        bytes.Dispose();
        Assert.Throws<ObjectDisposedException>(() => bytes.Read(place));
    }

    static byte[] Content(int row)
    {
        var random = new Random(row);
        var content = new byte[1 + random.Next(300)];
        random.NextBytes(content);
        return content;
    }
}
