namespace NoisyNN.Transforms.Files;

/// <summary>Files that are there whole or not at all: written under a temporary name in the same folder, flushed to the disk, then renamed, for good.</summary>
static class AtomicFile
{
    /// <summary>Writes text as UTF-8.</summary>
    public static void WriteText(string path, string text) => Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(text);
    });

    /// <summary>
    /// Writes a file. If anything fails nothing is left behind, and a file that was there before stays; but when the disk does not take the new name at the very end
    /// (the folder's flush), the new file is there already, whole, and after a power cut it may be the one before.
    /// </summary>
    /// <param name="path">The file; replaced if there is one.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="check">Looks at the written file, under its temporary name, and throws if it must not get its own.</param>
    /// <exception cref="IOException">The folder is missing or may not be written to, or the disk is full.</exception>
    public static void Write(string path, Action<FileStream> write, Action<string>? check = null)
    {
        var temporary = $"{Path.GetFullPath(path)}.{Guid.NewGuid():N}.tmp";
        var stream = Naming(path, () => new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16));
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            check?.Invoke(temporary);
            Naming(path, () =>
            {
                File.Move(temporary, path, overwrite: true);
                return true;
            });
            FolderEntries.Flush(FolderOf(path));
        }
        catch (Exception exception)
        {
            Remove(temporary);
            if (WriteFailure.Explain(FolderOf(path), exception) is { } reason)
                throw new IOException($"'{path}' cannot be written: {reason}", exception);
            throw;
        }
    }

    static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that has become read-only keeps it; what matters is the error before.
        }
    }

    static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;

    static T Naming<T>(string path, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception exception) when (WriteFailure.Explain(FolderOf(path), exception) is { } reason)
        {
            throw new IOException($"'{path}' cannot be written: {reason}", exception);
        }
        catch (Exception exception) when ((exception is IOException or UnauthorizedAccessException) && Directory.Exists(path))
        {
            throw new IOException($"'{path}' cannot be written: it is a folder. Give a file.", exception);
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new IOException($"'{path}' cannot be written: there is no folder '{FolderOf(path)}'. Make it, or give another path.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"'{path}' cannot be written: the system denies writing in '{FolderOf(path)}'. Allow writing there.", exception);
        }
    }
}
