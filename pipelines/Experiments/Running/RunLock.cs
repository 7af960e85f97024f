using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Experiments.Running;

/// <summary>
/// The file <c>run.lock</c> of a run's folder, which the system keeps locked as long as the process lives. What a killed process left of
/// it locks nothing, and goes with the
/// next one that looks.
/// </summary>
sealed class RunLock : IDisposable
{
    /// <summary>Its name.</summary>
    public const string FileName = "run.lock";

    // Others hold it for a moment to see whether it is held.
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    readonly FileStream _file;

    RunLock(FileStream file) => _file = file;

    /// <exception cref="IOException">The folder cannot be written, or something else has the lock's name.</exception>
    /// <returns>Null if another process holds it.</returns>
    public static RunLock? Take(string folder)
    {
        for (var waited = TimeSpan.Zero; ; waited += s_interval)
        {
            if (TryTake(folder) is { } taken)
                return taken;
            if (waited >= s_patience)
                return null;
            Thread.Sleep(s_interval);
        }
    }

    /// <summary>Removes what a killed process has left.</summary>
    public static void RemoveRemains(string folder)
    {
        try
        {
            if (File.Exists(Path.Combine(folder, FileName)))
                TryTake(folder)?.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not ours to remove.
        }
    }

    public void Dispose()
    {
        using (_file)
        {
            try
            {
                // While it is locked, so that it is certainly ours. Windows does so itself.
                if (!OperatingSystem.IsWindows())
                    File.Delete(_file.Name);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A disk that has become read-only keeps it; the error that ended the run matters more.
            }
        }
    }

    static RunLock? TryTake(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (FileStatus.Of(path, followsLink: false) is { Kind: not (FileKind.Regular or FileKind.Missing) } status)
            throw new OutputRefusedException(path, $"it is {status.Words}. Remove it.");
        FileStream file;
        try
        {
            file = new FileStream(
                path,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 1,
                OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None
            );
        }
        catch (IOException used) when (FileLock.IsHeld(used))
        {
            return null;
        }
        // Whoever held it may have removed it between the opening and the locking; then the name is free, or another process's file by now.
        if (
            !OperatingSystem.IsLinux()
            || FileStatus
                .Of(path, followsLink: false)
                .IsSameFile(FileStatus.Of($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}", followsLink: true))
        )
            return new(file);
        file.Dispose();
        return null;
    }
}
