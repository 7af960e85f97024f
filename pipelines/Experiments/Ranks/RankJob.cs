using System.Diagnostics;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;

namespace NoisyNN.Pipelines.Experiments.Ranks;

/// <summary>
/// Starts this program once for each rank, by <c>mpirun</c>, and waits for all of them. They save a checkpoint and stop when their standard
/// input ends: on request, and when this process dies, however that happens.
/// </summary>
/// <param name="ranks">The number of processes.</param>
/// <param name="threads">Threads of each.</param>
sealed class RankJob(int ranks, int threads)
{
    /// <summary>The variable that tells a rank to stop when its standard input ends.</summary>
    public const string AttachedVariable = "NOISYNN_RANK_IS_ATTACHED";

    // Exit codes above are 128 and the number of a signal.
    const int Signals = 128;

    /// <summary>Whether such a job has started this process.</summary>
    public static bool HasStartedThisProcess => Environment.GetEnvironmentVariable(AttachedVariable) == "1";

    /// <summary>Runs a command of this program on every rank and returns the exit code. The ranks have said why they failed.</summary>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="cancellation">Asks the ranks to stop.</param>
    /// <exception cref="InvalidOperationException">There is no <c>mpirun</c>, or a rank was killed; the message has the remedy.</exception>
    public int Run(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        using var process = Start(arguments);
        using var stop = cancellation.Register(process.StandardInput.Close);
        process.WaitForExit();
        return process.ExitCode is > Signals and not RunInterruptedException.ExitCode and var code
            ? throw new InvalidOperationException(
                $"a rank of the training was killed (exit code {code}), so mpirun ended the others. The same command with --resume "
                    + "continues from the last checkpoint."
            )
            : process.ExitCode;
    }

    /// <summary>
    /// What the launcher and the MPI library read: Open MPI 4 the variables with OMPI, Open MPI 5 those with PRTE. Those that the user has
    /// set stay.
    /// </summary>
    internal static Dictionary<string, string> Variables(int ranks, int threads, int processors, bool isAdministrator)
    {
        var isCrowded = ranks * threads > processors;
        var binding = threads == 1 && !isCrowded ? "core:overload-allowed" : "none";
        var variables = new Dictionary<string, string>
        {
            [AttachedVariable] = "1",
            ["OMPI_MCA_hwloc_base_binding_policy"] = binding,
            ["PRTE_MCA_hwloc_default_binding_policy"] = binding,
            // More ranks than cores are slow, and fine for a trial.
            ["OMPI_MCA_rmaps_base_oversubscribe"] = "1",
            ["PRTE_MCA_rmaps_default_mapping_policy"] = ":oversubscribe",
            // A rank that failed has said why.
            ["OMPI_MCA_orte_execute_quiet"] = "1",
        };
        if (isCrowded)
            variables["OMPI_MCA_mpi_yield_when_idle"] = "1";
        if (isAdministrator)
            (variables["OMPI_ALLOW_RUN_AS_ROOT"], variables["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]) = ("1", "1");
        return variables;
    }

    Process Start(IReadOnlyList<string> arguments)
    {
        var launcher =
            Find("mpirun")
            ?? throw new InvalidOperationException(
                "several ranks need mpirun, which is not installed. Install Open MPI: apt-get install openmpi-bin libopenmpi3 (Debian, "
                    + "Ubuntu), or dnf install openmpi (Fedora, RHEL). On a cluster, load its module."
            );
        var assembly = typeof(RankJob).Assembly;
        var program = TrialProcess.Program(Environment.ProcessPath ?? "", assembly.GetName().Name!, assembly.Location);
        // In a session of its own, Ctrl-C does not reach mpirun, which would kill the ranks a second later.
        string[] session = Find("setsid") is { } setsid ? [setsid] : [];
        string[] words = [.. session, launcher, "-n", $"{ranks}", program.FileName, .. program.ArgumentList, .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardInput = true };
        foreach (var (name, value) in Variables(ranks, threads, Environment.ProcessorCount, Environment.IsPrivilegedProcess))
            start.Environment.TryAdd(name, value);
        return Process.Start(start) ?? throw new InvalidOperationException($"{words[0]} could not be started.");
    }

    /// <summary>A program in one of the folders of PATH; null if there is none.</summary>
    static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
