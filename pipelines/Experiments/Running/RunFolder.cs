using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Reports.Cards;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Experiments.Running;

/// <summary>
/// The folder that one run writes, <c>root/name</c> (or <c>name-2</c>, ... when that one holds an earlier run). It is locked against a
/// second process, and complete once it holds <c>summary.json</c>.
/// </summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>What was declared, in the folder of every run.</summary>
    public const string ExperimentFileName = "experiment.yaml";

    readonly RunLock _lock;
    readonly bool _isTrial;
    bool _isDiscarded;

    RunFolder(string path, RunLock @lock, bool isResumed, bool isTrial = false)
    {
        Path = path;
        _lock = @lock;
        IsResumed = isResumed;
        _isTrial = isTrial;
    }

    /// <summary>All figures. A run that has it is complete.</summary>
    internal const string SummaryFileName = "summary.json";

    /// <summary>The folder's path.</summary>
    public string Path { get; }

    /// <summary>Whether it continues an interrupted run.</summary>
    public bool IsResumed { get; }

    /// <summary>The exported network.</summary>
    public string ModelPath => File("model.onnx");

    /// <summary>All figures.</summary>
    public string SummaryPath => File(SummaryFileName);

    /// <summary>The page for people.</summary>
    public string ReportPath => File("report.html");

    /// <summary>What the exported network is, for whoever gets the file.</summary>
    public string ModelCardPath => File(ModelCard.FileName);

    /// <summary>The reports of all trainings, a JSON object a line.</summary>
    public string MetricsPath => File(MetricsLog.FileName);

    /// <summary>What was declared, defaults and overrides included.</summary>
    public string ExperimentPath => File(ExperimentFileName);

    /// <summary>Where the training of one network keeps its checkpoints and its metrics.jsonl.</summary>
    public string TrainingPath(string run) => File(run);

    /// <summary>A new folder for an experiment, or the newest incomplete one.</summary>
    /// <exception cref="IOException">The folder cannot be written, is in use, or there is nothing to resume; the message has the
    /// remedy.</exception>
    public static RunFolder Open(string root, ExperimentFile experiment, bool resume) =>
        Open(root, experiment.Experiment.Name, experiment.Effective, resume);

    /// <summary>A new folder for a run of this name, or the newest incomplete one.</summary>
    /// <param name="root">The folder of all runs.</param>
    /// <param name="name">The run's.</param>
    /// <param name="declaration">All that it is to do, as YAML; a resumed run must have the same.</param>
    /// <param name="resume">Whether to go on with one.</param>
    /// <exception cref="IOException">The folder cannot be written, is in use, or there is nothing to resume; the message has the
    /// remedy.</exception>
    public static RunFolder Open(string root, string name, string declaration, bool resume)
    {
        return resume ? Resume(Find(root, name, resume), declaration, isTrial: false) : CreateFirst(root, Names(root, name), declaration);
    }

    /// <summary>The path that <see cref="Open(string, ExperimentFile, bool)"/> would take; nothing is made.</summary>
    /// <exception cref="IOException">There is nothing to resume.</exception>
    public static string Find(string root, string name, bool resume) =>
        resume
            ? Names(root, name).TakeWhile(Directory.Exists).LastOrDefault(folder => !IsComplete(folder))
                ?? throw new IOException(
                    $"there is no interrupted run of '{name}' in {root} to resume. Leave out --resume to start one, or "
                        + "name its folder with --output."
                )
            : Names(root, name).First(folder => !Directory.Exists(folder));

    /// <summary>The folder of a run that has been begun, with the settings that it has.</summary>
    /// <exception cref="IOException">The folder is in use, or the settings differ; the message has the remedy.</exception>
    public static RunFolder Reopen(string path, ExperimentFile experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return Resume(path, experiment.Effective, isTrial: false);
    }

    static IEnumerable<string> Names(string root, string name) =>
        Enumerable.Range(1, int.MaxValue).Select(number => System.IO.Path.Combine(root, number == 1 ? name : $"{name}-{number}"));

    /// <summary>The folder of a trial inside that of its run: a new one, or the one that it began to fill.</summary>
    /// <exception cref="IOException">The folder cannot be written, is in use or was begun with other settings; the message has the
    /// remedy.</exception>
    public static RunFolder OpenTrial(string path, ExperimentFile experiment)
    {
        // What was stopped before it wrote down its settings has not begun.
        var isBegun =
            Directory.Exists(path) && (System.IO.File.Exists(System.IO.Path.Combine(path, ExperimentFileName)) || HasCheckpoint(path));
        if (isBegun)
            return Resume(path, experiment.Effective, isTrial: true);
        Making(path, () => Directory.CreateDirectory(path));
        return Begin(path, experiment.Effective, isTrial: true);
    }

    /// <summary>Whether any training in it has left a checkpoint.</summary>
    public bool IsStarted => HasCheckpoint(Path);

    /// <summary>The step of the newest checkpoint of a training; null without any.</summary>
    public long? LastStepOf(string run) =>
        Directory.Exists(TrainingPath(run))
        && Directory
            .EnumerateFiles(TrainingPath(run), "checkpoint-*.json")
            .Select(file => System.IO.Path.GetFileNameWithoutExtension(file)["checkpoint-".Length..])
            .Select(text => long.TryParse(text, out var step) ? step : -1)
            .DefaultIfEmpty(-1)
            .Max()
            is >= 0
                and var newest
            ? newest
            : null;

    /// <summary>Whether the command that began the run goes on with it, too, without <c>--resume</c>.</summary>
    public bool ResumesByItself { get; set; }

    /// <summary>The command line that goes on with the run.</summary>
    /// <param name="command">The one that began it, or went on with it before.</param>
    public string ResumingCommand(string command) => IsResumed || ResumesByItself ? command : $"{command} --resume";

    /// <summary>
    /// Does the work of the run: where it is interrupted, the message says how to go on; where it fails before its first checkpoint, the
    /// folder goes too.
    /// </summary>
    /// <param name="command">The command line that repeats the run.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="RunInterruptedException">Cancelled; the checkpoints are in the folder.</exception>
    public T Keep<T>(string command, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException)
        {
            throw RunInterruptedException.In(this, command);
        }
        catch
        {
            DiscardUnlessStarted();
            throw;
        }
    }

    /// <summary>
    /// Takes the folder away again on disposal, if this process made it and no training left a checkpoint: a run that never began is none.
    /// </summary>
    public void DiscardUnlessStarted() => _isDiscarded = !IsResumed && !IsStarted;

    /// <summary>Makes <c>latest</c> beside the folder point to it. A trial leaves that to its run.</summary>
    public void PointLatestHere()
    {
        if (!_isTrial)
            LatestLink.PointTo(Path);
    }

    /// <summary>Releases the folder to other processes.</summary>
    public void Dispose()
    {
        // The lock goes last, and its file with it: nobody else may take the folder while it is emptied.
        if (_isDiscarded)
            Clear();
        _lock.Dispose();
        if (_isDiscarded)
            Try(() => Directory.Delete(Path));
    }

    static RunFolder Resume(string path, string declaration, bool isTrial)
    {
        var opened = new RunFolder(path, Lock(path), isResumed: true, isTrial);
        try
        {
            opened.RefuseOtherSettings(declaration);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes the first name that is free. Making the folder decides: of several processes that try the same name one succeeds, and the
    /// others take the next.
    /// </summary>
    static RunFolder CreateFirst(string root, IEnumerable<string> folders, string declaration)
    {
        foreach (var path in folders.Select(System.IO.Path.GetFullPath))
        {
            Making(path, () => Directory.CreateDirectory(root));
            if (Making(path, () => NewFolder.TryCreate(path)))
                return Begin(path, declaration, isTrial: false);
            RunLock.RemoveRemains(path);
        }
        throw new IOException($"all names in {root} are taken.");
    }

    static RunFolder Begin(string path, string declaration, bool isTrial)
    {
        path = System.IO.Path.GetFullPath(path);
        var folder = new RunFolder(path, Lock(path), isResumed: false, isTrial);
        try
        {
            AtomicFile.WriteText(folder.ExperimentPath, declaration);
            return folder;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            folder.DiscardUnlessStarted();
            folder.Dispose();
            throw NotWritable(path, refused);
        }
    }

    static RunLock Lock(string path) =>
        Making(path, () => RunLock.Take(path))
        ?? throw new IOException($"another process is working in {path}. Wait for it to end, or choose another folder with --output DIR.");

    static T Making<T>(string path, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, refused);
        }
    }

    static IOException NotWritable(string path, Exception cause) =>
        new(
            $"the output folder {path} cannot be written: "
                + $"{WriteFailure.Explain(path, cause) ?? $"{OneLine.Of(cause).TrimEnd('.')}."} Or choose another one with --output DIR.",
            cause
        );

    void Clear()
    {
        foreach (
            var entry in Directory
                .EnumerateFileSystemEntries(Path)
                .Where(entry => System.IO.Path.GetFileName(entry) != RunLock.FileName)
                .ToList()
        )
            Try(() =>
            {
                if (Directory.Exists(entry))
                    Directory.Delete(entry, recursive: true);
                else
                    System.IO.File.Delete(entry);
            });
    }

    /// <summary>Tidying up must not hide the error that made it necessary.</summary>
    static void Try(Action tidy)
    {
        try
        {
            tidy();
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException) { }
    }

    static bool HasCheckpoint(string folder) => Directory.EnumerateFiles(folder, "checkpoint-*", SearchOption.AllDirectories).Any();

    static bool IsComplete(string folder) => System.IO.File.Exists(System.IO.Path.Combine(folder, SummaryFileName));

    void RefuseOtherSettings(string declaration)
    {
        if (!System.IO.File.Exists(ExperimentPath))
            throw new IOException(
                $"{Path} holds no {System.IO.Path.GetFileName(ExperimentPath)}, so that it cannot be told what to "
                    + "resume. Remove the folder, or leave out --resume to start a new run."
            );

        var then = System.IO.File.ReadAllLines(ExperimentPath);
        var now = declaration.TrimEnd('\n').Split('\n');
        var difference = Enumerable
            .Range(0, Math.Max(then.Length, now.Length))
            .FirstOrDefault(line => then.ElementAtOrDefault(line) != now.ElementAtOrDefault(line), -1);
        if (difference < 0)
            return;

        throw new IOException(
            $"{Path} was started with other settings ('{then.ElementAtOrDefault(difference)?.Trim()}', now "
                + $"'{now.ElementAtOrDefault(difference)?.Trim()}'). Resume it with the same ones, or leave out "
                + "--resume to start a new run."
        );
    }

    string File(string name) => System.IO.Path.Combine(Path, name);
}
