namespace NoisyNN.Transforms.Files;

/// <summary>
/// Writes files that are complete or absent. A file is written under a temporary name in the same folder, flushed to the disk, then
/// renamed. A place that is not a regular file, such as a pipe, gets the whole content at once (see <see cref="OutputPlace"/>).
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
    /// Writes a file. If writing fails, nothing is left behind, and an existing file stays. There is one exception: if the final flush of
    /// the folder fails, the new file is already in place and complete. After a power failure it may then be the old one.
    /// </summary>
    /// <param name="path">The file. An existing file is replaced and keeps its permissions.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="check">Reads the written file under its temporary name, and throws if the file must not get its own name.</param>
    /// <exception cref="IOException">The folder is missing or cannot be written, the disk is full, or something at the path can be neither
    /// replaced nor written to.</exception>
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
                // Elsewhere the file stays open and locked until it has its name, so that no process takes it for the remains of a killed
                // one.
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

    /// <summary>Creates and checks the content in a temporary file first, so that a reader gets all of it or nothing.</summary>
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
            // A folder that has become read-only keeps the file. The earlier error matters more.
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
                $"'{given}' cannot be written: there is no folder '{FolderOf(path)}'. Create it, or give another path.",
                exception
            );
        }
        catch (PathTooLongException exception)
        {
            throw new IOException(
                $"'{given}' cannot be written: its name is too long, because writing adds 37 bytes to it. Give a shorter name.",
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
