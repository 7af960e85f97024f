using System.Diagnostics;
using NoisyNN.Pipelines.Commands;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>How a replicate ended.</summary>
/// <param name="Replicate">Which one.</param>
/// <param name="ExitCode">0 if it is complete.</param>
/// <param name="Failure">What it told of an error; empty if it told nothing.</param>
sealed record ReplicateEnd(Replicate Replicate, int ExitCode, string Failure)
{
    /// <summary>Whether it was asked to stop.</summary>
    public bool IsInterrupted => ExitCode == CommandLine.Interrupted;
}

/// <summary>
/// Runs a replicate in a process of its own, since libtorch has one number of threads, and one generator, a process. The process stops, keeping what it has, when its
/// standard input ends: on request, and when this process dies, however that happens.
/// </summary>
static class ReplicateProcess
{
    /// <summary>The command of this program that the process runs.</summary>
    public const string Command = "replicate";

    const string ErrorMark = "error: ";

    /// <param name="run">The folder of the run.</param>
    /// <param name="replicate">Which one.</param>
    /// <param name="gpuDeviceId">The CUDA device to train on; null for the CPU.</param>
    /// <param name="observer">Hears what the process says.</param>
    /// <param name="cancellation">Asks the process to stop; the task ends when it has.</param>
    public static async Task<ReplicateEnd> Run(string run, Replicate replicate, int? gpuDeviceId, IReplicateObserver observer, CancellationToken cancellation)
    {
        var start = Program();
        foreach (var argument in (string[])[Command, run, replicate.Name, .. gpuDeviceId is { } device ? (string[])["--gpu", FormattableString.Invariant($"{device}")] : []])
            start.ArgumentList.Add(argument);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} could not be started.");
        using var stop = cancellation.Register(process.StandardInput.Close);
        var failure = "";
        await Task.WhenAll(
            Read(process.StandardOutput, line => observer.Status(replicate, line)),
            Read(process.StandardError, line =>
            {
                if (line.StartsWith(ErrorMark, StringComparison.Ordinal))
                    failure = line[ErrorMark.Length..];
                else
                    observer.Note(replicate, line);
            }));
        await process.WaitForExitAsync(CancellationToken.None);
        observer.Status(replicate, null);
        return new ReplicateEnd(replicate, process.ExitCode, failure);
    }

    /// <summary>This program: its own executable or, where another process has loaded it, its assembly under the host dotnet.</summary>
    static ProcessStartInfo Program()
    {
        var (assembly, host) = (typeof(ReplicateProcess).Assembly, Environment.ProcessPath ?? "");
        return Path.GetFileNameWithoutExtension(host) == assembly.GetName().Name || assembly.Location.Length == 0
            ? new ProcessStartInfo(host)
            : new ProcessStartInfo(Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [assembly.Location]);
    }

    static async Task Read(StreamReader lines, Action<string> hear)
    {
        while (await lines.ReadLineAsync() is { } line)
            hear(line);
    }
}
