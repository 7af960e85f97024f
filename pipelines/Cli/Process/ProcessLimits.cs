using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.OnnxRuntime;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Cli.Process;

/// <summary>
/// Checks the limits of this process before any work. Beyond a limit, native libraries end the process silently or name another cause.
/// </summary>
static class ProcessLimits
{
    const int FileSize = 1,
        Processes = 6,
        OpenFiles = 7,
        AddressSpace = 9;

    // Measured on two processors (docs/reliability.md). Each thread adds a stack of 8 MB and, in glibc, an arena of 64 MB.
    const ulong AddressesToScore = 2_500_000_000,
        AddressesToTrain = 5_500_000_000,
        AddressesOfThread = 72_000_000;
    const ulong FilesToScore = 100,
        FilesToTrain = 160;

    // Counting threads is not worth the time if the limit is at least this high.
    const ulong MostThreads = 4096;

    /// <summary>Commands that do not need libtorch.</summary>
    static readonly string[] s_light =
    [
        "",
        "score",
        "evaluate",
        "quantize",
        "networks",
        "data",
        "doctor",
        "status",
        "best",
        "summarize",
        "--help",
        "-h",
        "-?",
        "--version",
    ];

    /// <summary>The reason why the limits prevent the command, as one line; null if they do not.</summary>
    public static string? Refusal(string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var isLight = Array.IndexOf(s_light, arguments.Length == 0 ? "" : arguments[0]) >= 0;
        var files = isLight ? FilesToScore : FilesToTrain;
        if (Of(OpenFiles) < files)
            return $"this process may open {Of(OpenFiles)} files, and this command needs {files}. Raise the limit: ulimit -n 1024.";

        var needed = isLight ? AddressesToScore : AddressesToTrain + (ulong)Math.Max(0, Environment.ProcessorCount - 2) * AddressesOfThread;
        if (Of(AddressSpace) < needed)
            return $"this process may have {Of(AddressSpace) / 1_000_000} MB of address space, and this command needs "
                + $"{needed / 1_000_000} MB. Raise the limit: ulimit -v {(needed + 1023) / 1024}, or unlimited.";
        // The system does not limit the processes of an administrator.
        var threads = isLight ? 2 + Environment.ProcessorCount : 4 + 2 * Environment.ProcessorCount;
        if (
            Of(Processes) < MostThreads
            && !Environment.IsPrivilegedProcess
            && UserThreads.Count() is var running
            && (ulong)(running + threads) > Of(Processes)
        )
            return $"this user may have {Of(Processes)} threads and processes, has {running}, and this command needs {threads} more. "
                + $"Raise the limit: ulimit -u {running + threads + 64}.";
        return null;
    }

    /// <summary>
    /// The limits that may have caused a failure, as another sentence; empty if the failure has another cause or nothing is limited. A
    /// failure rarely names the limit: a library that does not fit into memory is reported as missing.
    /// </summary>
    public static string Remark(Exception failure)
    {
        if (!OperatingSystem.IsLinux() || !IsOfResources(failure))
            return "";
        List<string> limits = [];
        Add("ulimit -v", AddressSpace, 16_000_000_000, 1_000_000, "MB of address space");
        Add("ulimit -n", OpenFiles, 512, 1, "open files");
        Add("ulimit -u", Processes, 512, 1, "threads and processes of this user");
        Add("ulimit -f", FileSize, 64_000_000, 1, "bytes a file");
        return limits.Count == 0 ? "" : $" A limit of this process may be the cause: {string.Join(", ", limits)}. Raise it.";

        void Add(string name, int resource, ulong enough, ulong unit, string words)
        {
            if (Of(resource) is var limit && limit < enough)
                limits.Add(FormattableString.Invariant($"{limit / unit} {words} ({name})"));
        }
    }

    static bool IsOfResources(Exception failure) =>
        failure
            is OutOfMemoryException
                or DllNotFoundException
                or TaskSchedulerException
                or OnnxRuntimeException
                or InsufficientMemoryException
        || failure is NotSupportedException or FileNotFoundException or FileLoadException
            && (
                failure.Message.Contains("TorchSharp", StringComparison.Ordinal)
                || failure.Message.Contains("load file or assembly", StringComparison.Ordinal)
            )
        || failure.InnerException is { } inner && IsOfResources(inner);

    /// <summary>Writes the refusal and returns the exit code, without <see cref="Console"/>, which may fail to load.</summary>
    public static int Refuse(string refusal)
    {
        using var error = new DescriptorStream(2, isLossy: true);
        error.Write(Encoding.UTF8.GetBytes($"error: {refusal}\n"));
        return ExitCode.Failed;
    }

    static ulong Of(int resource) => getrlimit(resource, out var limit) == 0 ? limit.Current : ulong.MaxValue;

    [StructLayout(LayoutKind.Sequential)]
    struct Limit
    {
        public ulong Current,
            Maximum;
    }

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int getrlimit(int resource, out Limit limit);
}
