namespace NoisyNN.Pipelines.Cli.Clusters;

/// <summary>
/// Numbered tasks of this program for the scheduler of a cluster, and what follows when all have ended. A task may be started at any time,
/// also twice: it knows from files what is left to do.
/// </summary>
/// <param name="Name">What the jobs are called.</param>
/// <param name="Folder">The folder that the tasks work on; it receives logs and the numbers of the jobs.</param>
/// <param name="Numbers">The tasks that are not complete.</param>
/// <param name="Total">The number of all tasks.</param>
/// <param name="Task">The arguments of a task, for the shell. It is given the shell's expression for the number.</param>
/// <param name="Summary">The arguments of what follows, for the shell; null for nothing.</param>
/// <param name="Threads">The processors of a task.</param>
/// <param name="Watching">The command that shows how far the tasks are.</param>
/// <param name="Again">The command that submits what is missing then.</param>
sealed record TaskArray(
    string Name,
    string Folder,
    IReadOnlyList<int> Numbers,
    int Total,
    Func<string, string> Task,
    string? Summary,
    int Threads,
    string Watching,
    string Again
);
