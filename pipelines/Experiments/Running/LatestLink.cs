using System.Runtime.InteropServices;
using NoisyNN.Pipelines.Experiments.Declared;

namespace NoisyNN.Pipelines.Experiments.Running;

/// <summary>The link beside the folders of runs that points to the newest complete one.</summary>
static class LatestLink
{
    public const string Name = RunName.Latest;

    /// <summary>Makes the link beside a folder point to it, in one step, so that nobody sees it missing.</summary>
    public static void PointTo(string folder)
    {
        var link = Path.Combine(Path.GetDirectoryName(folder)!, Name);
        if (Directory.Exists(link) && new DirectoryInfo(link).LinkTarget is null)
            return; // Somebody's own folder of that name stays what it is.

        var prepared = $"{link}.{Environment.ProcessId}.partial";
        try
        {
            RemoveRemains(Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(prepared, Path.GetFileName(folder));
            if (OperatingSystem.IsWindows())
            {
                File.Delete(link);
                File.Move(prepared, link);
            }
            else if (Rename(prepared, link) != 0)
            {
                File.Delete(prepared);
            }
        }
        catch (Exception unsupported) when (unsupported is IOException or UnauthorizedAccessException)
        {
            // Some file systems have no links; the run itself is complete without this convenience.
        }
    }

    /// <summary>Makes the link to a run that is gone point to another one.</summary>
    /// <param name="root">The folder of the runs.</param>
    /// <param name="gone">The name of the run that is gone. A link to another one stays.</param>
    /// <param name="newest">The folder of the run to point to; null if there is none, so that the link goes, too.</param>
    public static void Replace(string root, string gone, string? newest)
    {
        var link = Path.Combine(root, Name);
        if (new DirectoryInfo(link).LinkTarget != gone)
            return;
        if (newest is null)
            File.Delete(link);
        else
            PointTo(newest);
    }

    /// <summary>Prepared links of processes that were killed before the rename, which takes a moment.</summary>
    static void RemoveRemains(string folder)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFileSystemInfos($"{Name}.*.partial"))
            if (file.LinkTarget is not null && DateTime.UtcNow - file.LastWriteTimeUtc > TimeSpan.FromMinutes(1))
                file.Delete();
    }

    /// <summary>File.Move follows a link to a folder and so cannot replace one; rename(2) replaces the link itself, atomically.</summary>
    [DllImport("libc", EntryPoint = "rename")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Rename([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
}
