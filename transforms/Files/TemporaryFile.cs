using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace NoisyNN.Transforms.Files;

/// <summary>
/// A file under a temporary name beside the one that it will become, <c>FILE.GUID.tmp</c>. Its writer holds a lock for as long as it is
/// open, so that what a killed
/// process has left can be told from what another process is writing.
/// </summary>
static partial class TemporaryFile
{
    /// <summary>Makes one, and removes those that killed processes have left for the same file.</summary>
    /// <param name="path">The file that it will become.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static FileStream Create(string path)
    {
        RemoveRemains(path);
        while (true)
            if (TryCreate($"{Path.GetFullPath(path)}.{Guid.NewGuid():N}.tmp") is { } file)
                return file;
    }

    /// <summary>Removes the temporary files of a file that no living process is writing.</summary>
    public static void RemoveRemains(string path)
    {
        var (folder, name) = (Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
        try
        {
            foreach (var file in Of(folder, name))
                RemoveUnlessInUse(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that may be written but not read: whoever may read it will tidy it up.
        }
    }

    /// <summary>Removes a temporary file if it was left by a process that is no more.</summary>
    public static void RemoveUnlessInUse(string file)
    {
        try
        {
            if (FileStatus.Of(file, followsLink: false).Kind != FileKind.Regular)
                return;
            // Windows cannot rename what is open, so that the writer of a file has let go of it before it has its name.
            if (OperatingSystem.IsWindows() && DateTime.UtcNow - File.GetLastWriteTimeUtc(file) < TimeSpan.FromDays(1))
                return;
            using (
                new FileStream(
                    file,
                    FileMode.Open,
                    FileAccess.ReadWrite,
                    OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None,
                    bufferSize: 0
                )
            )
                File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // In use, or not ours to remove.
        }
    }

    /// <returns>Null where another process took the file for remains, in the moment between its making and its locking.</returns>
    static FileStream? TryCreate(string name)
    {
        FileStream file;
        try
        {
            // A file system of another machine locks only what is opened for reading, too.
            file = new FileStream(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (IOException used) when (FileLock.IsHeld(used))
        {
            return null;
        }
        if (File.Exists(name))
            return file;
        file.Dispose();
        return null;
    }

    static FileSystemEnumerable<string> Of(string folder, string name) =>
        new(folder, (ref entry) => entry.ToFullPath(), new EnumerationOptions { AttributesToSkip = 0 })
        {
            ShouldIncludePredicate = (ref entry) =>
                entry.FileName.StartsWith(name, StringComparison.Ordinal) && Ending().IsMatch(entry.FileName[name.Length..]),
        };

    [GeneratedRegex(@"^(\.[0-9a-f]{32}\.tmp)+$")]
    private static partial Regex Ending();
}
