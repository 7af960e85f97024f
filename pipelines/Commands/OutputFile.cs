namespace NoisyNN.Pipelines.Commands;

/// <summary>The file that <c>--output</c> names, tried before any work is done.</summary>
static class OutputFile
{
    /// <exception cref="IOException">Its folder is missing or cannot be written, or it is itself a folder; the message has the remedy.</exception>
    public static void Require(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Directory.Exists(path))
            throw new IOException($"{path} is a folder. Name the file to write with --output FILE.");
        if (!Directory.Exists(folder))
            throw new IOException($"there is no folder {folder} to write {Path.GetFileName(path)} into. Make it, or choose another file with --output FILE.");

        try
        {
            var probe = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
            new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the folder {folder} cannot be written. Choose another file with --output FILE.", refused);
        }
    }
}
