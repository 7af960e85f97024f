using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace NoisyNN.Transforms.Files;

/// <summary>
/// A file under a temporary name beside its final one, <c>FILE.GUID.tmp</c>. Its writer holds a lock while the file is open. So the remains
/// of a killed process can be distinguished from a file that another process is writing.
/// </summary>
static partial class TemporaryFile
{
    /// <summary>Creates a file, and removes those that killed processes have left for the same final name.</summary>
    /// <param name="path">The final name.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static FileStream Create(string path)
    {
        RemoveRemains(path);
        while (true)
            if (TryCreate($"{Path.GetFullPath(path)}.{Guid.NewGuid():N}.tmp") is { } file)
                return file;
    }

    /// <summary>Removes temporary files for a final name, except those that a living process is writing.</summary>
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
            // The folder can be written but not read. A process that may read it will remove the files.
        }
    }

    /// <summary>Removes a temporary file if the process that wrote it has ended.</summary>
    public static void RemoveUnlessInUse(string file)
    {
        try
        {
            if (FileStatus.Of(file, followsLink: false).Kind != FileKind.Regular)
                return;
            // Windows cannot rename an open file, so its writer has released the lock before the file has its name.
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
            // The file is in use, or this process may not remove it.
        }
    }

    /// <returns>Null if another process took the file for remains between its creation and its locking.</returns>
    static FileStream? TryCreate(string name)
    {
        FileStream file;
        try
        {
            // Network file systems lock only files that are also open for reading.
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
