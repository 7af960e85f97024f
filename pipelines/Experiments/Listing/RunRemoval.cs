using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Experiments.Sweeps.Attempts;

namespace NoisyNN.Pipelines.Experiments.Listing;

/// <summary>Removes the folder of a run, and nothing outside it.</summary>
static class RunRemoval
{
    /// <summary>The folder of a run by its name.</summary>
    /// <param name="root">The folder of the runs.</param>
    /// <param name="name">The run's name, which is no path.</param>
    /// <exception cref="IOException">There is no run of this name, or the name is no name of a run.</exception>
    public static string Find(string root, string name)
    {
        if (!RunName.IsValid(name))
            throw new IOException(
                $"'{name}' is no name of a run. Give a name that 'noisynn runs' lists, and the folder of the runs with --output."
            );
        var folder = Path.Combine(root, name);
        if (!Directory.Exists(folder))
            throw new IOException($"{root} holds no run '{name}'. 'noisynn runs' lists those that it holds.");
        if (new DirectoryInfo(folder).LinkTarget is not null)
            throw new IOException($"{folder} is a link to another folder. Remove that run by its own name.");
        if (!RunRecord.IsRun(folder))
            throw new IOException($"{folder} is not the folder of a run: it has no {RunFolder.ExperimentFileName}.");
        return folder;
    }

    /// <summary>The bytes of all files of a run.</summary>
    public static long SizeOf(string folder) =>
        new DirectoryInfo(folder)
            .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Sum(file => file.Length);

    /// <summary>
    /// Removes a run. It loses its name first, so that nobody meets half of one. Links inside it are removed, and what they lead to stays.
    /// </summary>
    /// <exception cref="TryAgainException">A process is working in it.</exception>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public static void Remove(string folder)
    {
        var (root, name) = (Path.GetDirectoryName(folder)!, Path.GetFileName(folder));
        RequireIdle(folder);
        var removed = Path.Combine(root, $".removed-{name}-{Environment.ProcessId}");
        Directory.Move(folder, removed);
        LatestLink.Replace(root, name, NewestComplete(root));
        Directory.Delete(removed, recursive: true);
    }

    static void RequireIdle(string folder)
    {
        // The trials of a run have locks of their own, and perhaps processes on other machines.
        var trials = Directory.EnumerateDirectories(folder).Where(RunRecord.IsRun);
        if (trials.Prepend(folder).FirstOrDefault(IsLocked) is { } busy)
            throw Refuse(busy);
        var attempts = Path.Combine(folder, SweepFolder.AttemptsFolderName);
        if (
            Directory.Exists(attempts)
            && Directory
                .EnumerateFiles(attempts, "*-*.json")
                .Select(file => Path.GetFileName(file).Split('-')[0])
                .Distinct()
                .Any(trial => Attempt.IsAlive(attempts, trial, AttemptTiming.Default))
        )
            throw Refuse(folder);
    }

    static bool IsLocked(string folder)
    {
        using var taken = RunLock.Take(folder);
        return taken is null;
    }

    static TryAgainException Refuse(string folder) => new($"a process is working in {folder}. Stop it, or wait for its end.");

    static string? NewestComplete(string root) =>
        RunRecord
            .FoldersOf(root)
            .Select(folder => new FileInfo(Path.Combine(folder, RunFolder.SummaryFileName)))
            .Where(summary => summary.Exists)
            .MaxBy(summary => summary.LastWriteTimeUtc)
            ?.DirectoryName;
}
