using NoisyNN.Transforms.Files;

namespace NoisyNN.Tests.Files;

[TestClass]
public class AtomicFileTests
{
    [TestMethod]
    public void A_file_is_replaced_as_a_whole()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", [1, 2, 3]);
        AtomicFile.WriteText(folder["file"], "new");
        Assert.AreEqual("new", File.ReadAllText(folder["file"]));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void What_fails_in_the_middle_or_in_the_check_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", [1, 2, 3]);
        Assert.Throws<FormatException>(() =>
            AtomicFile.Write(
                folder["file"],
                stream =>
                {
                    stream.WriteByte(9);
                    throw new FormatException();
                }
            )
        );
        Assert.Throws<FormatException>(() =>
            AtomicFile.Write(
                folder["file"],
                stream => stream.WriteByte(9),
                check: written =>
                {
                    Assert.AreSequenceEqual(new byte[] { 9 }, File.ReadAllBytes(written));
                    throw new FormatException();
                }
            )
        );
        Assert.AreSequenceEqual(new byte[] { 1, 2, 3 }, File.ReadAllBytes(folder["file"]));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void A_missing_folder_and_a_folder_in_the_way_are_named_with_the_remedy()
    {
        using var folder = new TemporaryFolder();
        var missing = Assert.Throws<IOException>(() => AtomicFile.WriteText(folder["absent/file"], "text"));
        Assert.Contains($"'{folder["absent/file"]}' cannot be written", missing.Message);
        Assert.Contains($"no folder '{folder["absent"]}'", missing.Message);

        Directory.CreateDirectory(folder["taken"]);
        var taken = Assert.Throws<IOException>(() => AtomicFile.WriteText(folder["taken"], "text"));
        Assert.AreEqual($"'{folder["taken"]}' cannot be written: it is a folder. Give a file.", taken.Message);
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }
}
