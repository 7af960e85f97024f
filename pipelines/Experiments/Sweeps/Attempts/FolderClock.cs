namespace NoisyNN.Pipelines.Experiments.Sweeps.Attempts;

/// <summary>
/// The clock by which a file system stamps its files. Clocks of machines differ; two files of one folder are stamped by the same one.
/// </summary>
static class FolderClock
{
    /// <summary>The time now, in the folder. One that may only be read, as by who looks at the status, has the clock of this machine.</summary>
    public static DateTime Now(string folder)
    {
        var probe = Path.Combine(folder, $"clock.{Guid.NewGuid():N}.tmp");
        try
        {
            File.WriteAllText(probe, ".");
            return File.GetLastWriteTimeUtc(probe);
        }
        catch (UnauthorizedAccessException)
        {
            return DateTime.UtcNow;
        }
        finally
        {
            File.Delete(probe);
        }
    }
}
