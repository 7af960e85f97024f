using System.Runtime.InteropServices;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>
/// The folder that one run writes, <c>root/name</c> (or <c>name-2</c>, ... when that one holds an earlier run). It is locked against a second process,
/// and complete once it holds <c>summary.json</c>.
/// </summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>The link in the root that points to the newest complete run.</summary>
    public const string Latest = "latest";

    const string LockFile = "run.lock";

    readonly FileStream _lock;

    RunFolder(string path, FileStream @lock, bool isResumed)
    {
        Path = path;
        _lock = @lock;
        IsResumed = isResumed;
    }

    /// <summary>The folder's path.</summary>
    public string Path { get; }

    /// <summary>Whether it continues an interrupted run.</summary>
    public bool IsResumed { get; }

    /// <summary>The exported network.</summary>
    public string ModelPath => File("model.onnx");

    /// <summary>All figures.</summary>
    public string SummaryPath => File("summary.json");

    /// <summary>The page for people.</summary>
    public string ReportPath => File("report.html");

    /// <summary>The reports of all trainings, a JSON object a line.</summary>
    public string MetricsPath => File(MetricsLog.FileName);

    /// <summary>What was declared, defaults and overrides included.</summary>
    public string ExperimentPath => File("experiment.yaml");

    /// <summary>Where the training of one network keeps its checkpoints and its metrics.jsonl.</summary>
    public string TrainingPath(string run) => File(run);

    /// <summary>A new folder for an experiment, or the newest incomplete one.</summary>
    /// <exception cref="IOException">The folder cannot be written, is in use, or there is nothing to resume; the message has the remedy.</exception>
    public static RunFolder Open(string root, ExperimentFile experiment, bool resume)
    {
        var name = experiment.Experiment.Name;
        var folders = Enumerable.Range(1, int.MaxValue).Select(number => System.IO.Path.Combine(root, number == 1 ? name : $"{name}-{number}"));
        if (!resume)
            return Create(folders.First(folder => !System.IO.Path.Exists(folder)), experiment);

        var interrupted = folders.TakeWhile(Directory.Exists).LastOrDefault(folder => !IsComplete(folder))
            ?? throw new IOException($"there is no interrupted run of '{name}' in {root} to resume. Leave out --resume to start one, or name its folder with --output.");
        var opened = new RunFolder(interrupted, Lock(interrupted), isResumed: true);
        opened.RefuseOtherSettings(experiment);
        return opened;
    }

    /// <summary>Makes <c>latest</c> beside the folder point to it, in one step, so that nobody sees it missing.</summary>
    public void PointLatestHere()
    {
        var link = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, Latest);
        if (Directory.Exists(link) && new DirectoryInfo(link).LinkTarget is null)
            return;    // Somebody's own folder of that name stays what it is.

        var prepared = $"{link}.{Environment.ProcessId}.partial";
        try
        {
            System.IO.File.CreateSymbolicLink(prepared, System.IO.Path.GetFileName(Path));
            if (OperatingSystem.IsWindows())
            {
                System.IO.File.Delete(link);
                System.IO.File.Move(prepared, link);
            }
            else if (Rename(prepared, link) != 0)
            {
                System.IO.File.Delete(prepared);
            }
        }
        catch (Exception unsupported) when (unsupported is IOException or UnauthorizedAccessException)
        {
            // Some file systems have no links; the run itself is complete without this convenience.
        }
    }

    /// <summary>Releases the folder to other processes.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        System.IO.File.Delete(File(LockFile));
    }

    static RunFolder Create(string path, ExperimentFile experiment)
    {
        try
        {
            path = System.IO.Path.GetFullPath(path);
            Directory.CreateDirectory(path);
            var folder = new RunFolder(path, Lock(path), isResumed: false);
            AtomicFile.WriteText(folder.ExperimentPath, experiment.Effective);
            return folder;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the output folder {path} cannot be written ({OneLine.Of(refused).TrimEnd('.')}). Choose another one with --output DIR.", refused);
        }
    }

    static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException used) when (used is not DirectoryNotFoundException)
        {
            throw new IOException($"another process is working in {path}. Wait for it to end, or choose another folder with --output DIR.", used);
        }
    }

    static bool IsComplete(string folder) => System.IO.File.Exists(System.IO.Path.Combine(folder, "summary.json"));

    void RefuseOtherSettings(ExperimentFile experiment)
    {
        var then = System.IO.File.ReadAllLines(ExperimentPath);
        var now = experiment.Effective.TrimEnd('\n').Split('\n');
        var difference = Enumerable.Range(0, Math.Max(then.Length, now.Length))
            .FirstOrDefault(line => then.ElementAtOrDefault(line) != now.ElementAtOrDefault(line), -1);
        if (difference < 0)
            return;

        Dispose();
        throw new IOException($"{Path} was started with other settings ('{then.ElementAtOrDefault(difference)?.Trim()}', now "
            + $"'{now.ElementAtOrDefault(difference)?.Trim()}'). Resume it with the same ones, or leave out --resume to start a new run.");
    }

    /// <summary>File.Move follows a link to a folder and so cannot replace one; rename(2) replaces the link itself, atomically.</summary>
    [DllImport("libc", EntryPoint = "rename")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Rename([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    string File(string name) => System.IO.Path.Combine(Path, name);
}
