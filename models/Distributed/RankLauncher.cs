using System.Globalization;

namespace NoisyNN.Models.Distributed;

/// <summary>
/// What a launcher of parallel programs, such as <c>mpirun</c> or <c>srun</c>, tells each process that it starts, in environment variables.
/// </summary>
public static class RankLauncher
{
    static readonly string[] s_rank = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"];
    static readonly string[] s_size = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"];

    /// <summary>Whether one has started this process as a rank.</summary>
    public static bool HasStartedThisProcess => Rank is not null;

    /// <summary>The number of this process, from 0; null if no launcher has started it.</summary>
    public static int? Rank => First(s_rank);

    /// <summary>The number of processes; null if no launcher has told it.</summary>
    public static int? Size => First(s_size);

    /// <summary>Whether the launcher is MPICH's or one of its kind, which knows none of Open MPI's variables.</summary>
    internal static bool IsOfMpich => First(s_rank[..2]) is null && First(s_rank[2..]) is not null;

    static int? First(string[] variables)
    {
        foreach (var variable in variables)
            if (int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return number;
        return null;
    }
}
