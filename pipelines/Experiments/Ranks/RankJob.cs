using System.ComponentModel;
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

    const string Launcher = "mpirun";

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
                $"a rank of the training was killed (exit code {code}), so {Launcher} ended the others. The same command with --resume "
                    + "continues from the last checkpoint."
            )
            : process.ExitCode;
    }

    /// <summary>
    /// What the launcher and the MPI library read: Open MPI 4 the variables with OMPI, Open MPI 5 those with PRTE. Those that the user has
    /// set stay.
    /// </summary>
    internal static IReadOnlyDictionary<string, string> Variables(int ranks, int threads, int processors, bool isAdministrator)
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
            // Ctrl-C reaches the launcher too, which asks the ranks to end and kills them after these seconds. They write a checkpoint first.
            ["OMPI_MCA_odls_base_sigkill_timeout"] = "60",
        };
        if (isCrowded)
            variables["OMPI_MCA_mpi_yield_when_idle"] = "1";
        if (isAdministrator)
            (variables["OMPI_ALLOW_RUN_AS_ROOT"], variables["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]) = ("1", "1");
        return variables;
    }

    Process Start(IReadOnlyList<string> arguments)
    {
        var assembly = typeof(RankJob).Assembly;
        var program = TrialProcess.Program(Environment.ProcessPath ?? "", assembly.GetName().Name!, assembly.Location);
        var start = new ProcessStartInfo(Launcher) { RedirectStandardInput = true };
        foreach (var argument in (string[])["-n", $"{ranks}", program.FileName, .. program.ArgumentList, .. arguments])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in Variables(ranks, threads, Environment.ProcessorCount, Environment.IsPrivilegedProcess))
            start.Environment.TryAdd(name, value);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException(
                $"several ranks need {Launcher}, which cannot be started ({missing.Message}). Install Open MPI: apt-get install openmpi-bin "
                    + "libopenmpi3 (Debian, Ubuntu), or dnf install openmpi (Fedora, RHEL); on a cluster, load its module.",
                missing
            );
        }
    }
}
