namespace NoisyNN.Models.Training;

/// <summary>Files that are there whole or not at all.</summary>
static class AtomicFile
{
    /// <summary>Writes under a temporary name beside <paramref name="path"/>, flushes to the disk, and renames. On a failure the old file stays.</summary>
    public static void Write(string path, Action<FileStream> write)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
