using System.Diagnostics;
using System.Runtime.ExceptionServices;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>How the process of a trial ended.</summary>
/// <param name="Trial">Which one.</param>
/// <param name="ExitCode">0 if it is complete.</param>
/// <param name="Failure">What it told of an error; empty if it told nothing.</param>
sealed record TrialEnd(Trial Trial, int ExitCode, string Failure)
{
    /// <summary>Whether another process is working on it.</summary>
    public bool IsElsewhere => ExitCode == TryAgainException.ExitCode;

    /// <summary>Whether it was asked to stop.</summary>
    public bool IsInterrupted => ExitCode == RunInterruptedException.ExitCode;

    /// <summary>Why it failed, as far as anybody knows.</summary>
    public string Cause =>
        Failure.Length > 0 ? Failure
        : ExitCode == Killed
            ? "the system killed the process, most likely for want of memory. A new run with more --threads has fewer "
                + "processes side by side."
        : $"the process ended with exit code {ExitCode}.";

    // 128 and the number of SIGKILL.
    const int Killed = 137;
}

/// <summary>
/// Runs a trial in a process of its own, since libtorch has one number of threads, and one generator, a process. The process stops,
/// keeping what it has, when its standard input ends: on request, and when this process dies, however that happens.
/// </summary>
static class TrialProcess
{
    /// <summary>The command of this program that the process runs.</summary>
    public const string Command = "trial";

    /// <summary>Its option to stop when standard input ends, and to report to the process at the other end.</summary>
    public const string AttachedOption = "--attached";

    /// <summary>Its option for the bytes of memory that rows may take.</summary>
    public const string RowMemoryOption = "--row-memory";

    const string ErrorMark = "error: ";

    /// <param name="run">The folder of the run.</param>
    /// <param name="trial">Which one.</param>
    /// <param name="rowMemoryBytes">The memory for rows that it may take, where the experiment does not say.</param>
    /// <param name="gpuDeviceId">The CUDA device to train on; null for the CPU.</param>
    /// <param name="observer">Hears what the process says; if it throws, the process is stopped and the exception comes out of the
    /// task.</param>
    /// <param name="cancellation">Asks the process to stop; the task ends when it has.</param>
    public static async Task<TrialEnd> Run(
        string run,
        Trial trial,
        long rowMemoryBytes,
        int? gpuDeviceId,
        ISweepObserver observer,
        CancellationToken cancellation
    )
    {
        var start = ThisProgram();
        string[] gpu = gpuDeviceId is { } device ? ["--gpu", $"{device}"] : [];
        foreach (var argument in (string[])[Command, run, $"{trial.Index}", AttachedOption, RowMemoryOption, $"{rowMemoryBytes}", .. gpu])
            start.ArgumentList.Add(argument);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} could not be started.");
        using var stop = cancellation.Register(process.StandardInput.Close);
        var failure = "";
        try
        {
            await Task.WhenAll(
                Read(process.StandardOutput, line => observer.Status(trial, line), process.StandardInput.Close),
                Read(process.StandardError, Hear, process.StandardInput.Close)
            );
        }
        finally
        {
            await process.WaitForExitAsync(CancellationToken.None);
        }
        observer.Status(trial, null);
        return new TrialEnd(trial, process.ExitCode, failure);

        void Hear(string line)
        {
            if (line.StartsWith(ErrorMark, StringComparison.Ordinal))
                failure = line[ErrorMark.Length..];
            else
                observer.Note(trial, line);
        }
    }

    /// <summary>This program.</summary>
    public static ProcessStartInfo ThisProgram()
    {
        var assembly = typeof(TrialProcess).Assembly;
        return Program(Environment.ProcessPath ?? "", assembly.GetName().Name!, assembly.Location);
    }

    /// <summary>This program: its own executable or, where another process has loaded it, its assembly under the host dotnet.</summary>
    /// <param name="host">The executable of this process.</param>
    /// <param name="assembly">The name of this program's assembly.</param>
    /// <param name="location">The assembly's file; empty in a program that is a single file.</param>
    public static ProcessStartInfo Program(string host, string assembly, string location)
    {
        return location.Length == 0 || IsHost(assembly)
            ? new ProcessStartInfo(host)
            : new ProcessStartInfo(IsHost("dotnet") ? host : "dotnet", [location]);

        // Not without its extension: what follows the last dot is, outside Windows, a part of the name.
        bool IsHost(string name) => Path.GetFileName(host) is var file && (file == name || file == $"{name}.exe");
    }

    /// <summary>
    /// Reads to the end whatever happens: a pipe that nobody empties would hold the process in the middle of a line for ever. The first
    /// exception of the hearer asks the process to stop and is thrown at the end.
    /// </summary>
    public static async Task Read(TextReader lines, Action<string> hear, Action stop)
    {
        ExceptionDispatchInfo? unheard = null;
        while (await lines.ReadLineAsync() is { } line)
        {
            try
            {
                if (unheard is null)
                    hear(line);
            }
            catch (Exception exception)
            {
                unheard = ExceptionDispatchInfo.Capture(exception);
                stop();
            }
        }
        unheard?.Throw();
    }
}
