namespace NoisyNN.Transforms.Files;

/// <summary>
/// Files that are there whole or not at all: written under a temporary name in the same folder, flushed to the disk, then renamed, for
/// good. What is no file, such as a pipe, gets the whole content at once (see <see cref="OutputPlace"/>).
/// </summary>
static class AtomicFile
{
    /// <summary>Writes text as UTF-8.</summary>
    public static void WriteText(string path, string text) =>
        Write(
            path,
            stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                writer.Write(text);
            }
        );

    /// <summary>
    /// Writes a file. If anything fails nothing is left behind, and a file that was there before stays; but when the disk does not take the
    /// new name at the very end (the folder's flush), the new file is there already, whole, and after a power cut it may be the one before.
    /// </summary>
    /// <param name="path">The file; replaced if there is one, with the rights that it has.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="check">Looks at the written file, under its temporary name, and throws if it must not get its own.</param>
    /// <exception cref="IOException">The folder is missing or may not be written to, the disk is full, or something that can be neither
    /// replaced nor written to is in the way.</exception>
    public static void Write(string path, Action<FileStream> write, Action<string>? check = null)
    {
        var place = OutputPlace.Of(path);
        if (place.IsStream)
            WriteThrough(place, write, check);
        else
            Replace(place, write, check);
    }

    static void Replace(OutputPlace place, Action<FileStream> write, Action<string>? check)
    {
        var (path, given) = (place.Path, place.Given);
        var stream = Naming(path, given, () => TemporaryFile.Create(path));
        try
        {
            using (stream)
            {
                write(stream);
                KeepRights(path, stream);
                stream.Flush(flushToDisk: true);
                // Elsewhere it stays open, and locked, until it has its name: nobody then takes it for what a killed process has left.
                if (OperatingSystem.IsWindows())
                    stream.Dispose();
                check?.Invoke(stream.Name);
                Naming(
                    path,
                    given,
                    () =>
                    {
                        File.Move(stream.Name, path, overwrite: true);
                        return true;
                    }
                );
            }
            FolderEntries.Flush(FolderOf(path));
        }
        catch (Exception exception)
        {
            Remove(stream.Name);
            if (WriteFailure.Explain(FolderOf(path), exception) is { } reason)
                throw new IOException($"'{given}' cannot be written: {reason}", exception);
            throw;
        }
    }

    /// <summary>What is made and checked in a file of the temporary folder first, so that a reader gets all or nothing.</summary>
    static void WriteThrough(OutputPlace place, Action<FileStream> write, Action<string>? check)
    {
        var folder = Path.GetTempPath();
        try
        {
            using var staged = TemporaryFile.Create(Path.Combine(folder, "noisynn-output"));
            try
            {
                write(staged);
                staged.Flush();
                check?.Invoke(staged.Name);
                using var target = place.Open();
                staged.Position = 0;
                staged.CopyTo(target);
            }
            finally
            {
                Remove(staged.Name);
            }
        }
        catch (Exception exception) when (WriteFailure.Explain(folder, exception) is { } reason)
        {
            throw new IOException($"'{place.Given}' cannot be written: {reason}", exception);
        }
    }

    static void KeepRights(string path, FileStream stream)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(path))
            File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(path));
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

    static T Naming<T>(string path, string given, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception exception) when (WriteFailure.Explain(FolderOf(path), exception) is { } reason)
        {
            throw new IOException($"'{given}' cannot be written: {reason}", exception);
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new IOException(
                $"'{given}' cannot be written: there is no folder '{FolderOf(path)}'. Make it, or give another path.",
                exception
            );
        }
        catch (PathTooLongException exception)
        {
            throw new IOException(
                $"'{given}' cannot be written: its name is too long, as 37 bytes are added while it is written. Give a shorter one.",
                exception
            );
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(
                $"'{given}' cannot be written: the system denies writing in '{FolderOf(path)}'. Allow writing there.",
                exception
            );
        }
    }
}
