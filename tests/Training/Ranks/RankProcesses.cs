using System.Diagnostics;
using System.Globalization;
using NoisyNN.Models.Distributed;
using NoisyNN.Pipelines.Experiments.Ranks;

namespace NoisyNN.Tests.Training.Ranks;

/// <summary>A method of the tests in several processes at once, which are the ranks of a group.</summary>
static class RankProcesses
{
    const string FolderVariable = "NOISYNN_TESTS_FOLDER",
        RankVariable = "NOISYNN_TESTS_RANK",
        SizeVariable = "NOISYNN_TESTS_SIZE";

    /// <summary>What connects the ranks: sockets, and MPI where <c>mpirun</c> is installed.</summary>
    public static IReadOnlyList<bool> UseMpi { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "mpirun")))
            ? [false, true]
            : [false];

    /// <summary>In a rank: where to write.</summary>
    public static string Folder => Environment.GetEnvironmentVariable(FolderVariable)!;

    /// <summary>Runs a method on every rank, and waits. All must end well.</summary>
    public static void Run(Action body, int size, string folder, bool useMpi)
    {
        var variables = new Dictionary<string, string?> { [FolderVariable] = folder, [SizeVariable] = $"{size}" };
        var processes = useMpi
            ? [StartMpi(body, size, variables)]
            : Enumerable
                .Range(0, size)
                .Select(rank => ChildProcess.Start(body, new Dictionary<string, string?>(variables) { [RankVariable] = $"{rank}" }))
                .ToArray();
        var errors = processes.Select(process => process.StandardError.ReadToEndAsync()).ToArray();
        var outputs = processes.Select(process => process.StandardOutput.ReadToEndAsync()).ToArray();
        foreach (var process in processes)
            if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
                process.Kill(entireProcessTree: true);
        Task.WaitAll([.. errors, .. outputs]);
        Assert.IsTrue(processes.All(process => process.ExitCode == 0), string.Join('\n', errors.Select(error => error.Result)));
    }

    /// <summary>In a rank: its group.</summary>
    public static ProcessGroup Join() =>
        Environment.GetEnvironmentVariable(RankVariable) is { } rank
            ? new SocketProcessGroup(
                Path.Combine(Folder, "socket"),
                Number(rank),
                Number(Environment.GetEnvironmentVariable(SizeVariable)!)
            )
            : MpiProcessGroup.Join();

    static Process StartMpi(Action body, int size, Dictionary<string, string?> variables)
    {
        foreach (var (name, value) in RankJob.Variables(size, 1, Environment.ProcessorCount, Environment.IsPrivilegedProcess))
            variables.TryAdd(name, value);
        return ChildProcess.Start(body, variables, launcher: ["mpirun", "-n", $"{size}"]);
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
