using System.Globalization;

namespace NoisyNN.Pipelines.Cli.Clusters;

/// <summary>A job for Slurm's <c>sbatch</c>.</summary>
/// <param name="Arguments">The arguments of <c>sbatch</c>.</param>
/// <param name="Script">The script of the job, which <c>sbatch</c> reads from standard input.</param>
/// <param name="First">What to add to the number of a job in the array to have that of the task.</param>
sealed record SlurmJob(IReadOnlyList<string> Arguments, string Script, int First = 0)
{
    // An array has numbers below MaxArraySize, which is 1001 unless the site has changed it.
    const int MostNumbers = 1000;

    /// <summary>The folder of logs and of the list of jobs, in the folder of the tasks.</summary>
    public const string FolderName = ".slurm";

    /// <summary>The arrays for tasks: one for each thousand.</summary>
    public static IReadOnlyList<SlurmJob> ArraysOf(TaskArray tasks, ClusterRequest request) =>
        [
            .. tasks
                .Numbers.GroupBy(number => number / MostNumbers * MostNumbers)
                .Select(part => ArrayOf(tasks, request, part.Key, [.. part])),
        ];

    /// <summary>The job that follows the arrays.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="request">What the user asked for.</param>
    /// <param name="arrays">The numbers of the jobs that it waits for, however they end; none to begin at once.</param>
    public static SlurmJob SummaryOf(TaskArray tasks, ClusterRequest request, IReadOnlyList<string> arrays) =>
        new(
            [
                .. Common(tasks, $"{tasks.Name}-summary", "summary-%j.log"),
                .. request.Options,
                .. arrays.Count == 0 ? [] : (string[])[$"--dependency=afterany:{string.Join(':', arrays)}"],
            ],
            Running(tasks.Summary!)
        );

    static SlurmJob ArrayOf(TaskArray tasks, ClusterRequest request, int first, IReadOnlyList<int> numbers)
    {
        var limit = request.Parallel is { } parallel ? string.Create(CultureInfo.InvariantCulture, $"%{parallel}") : "";
        var number = first == 0 ? "$SLURM_ARRAY_TASK_ID" : $"$((SLURM_ARRAY_TASK_ID + {first}))";
        return new(
            [
                .. Common(tasks, tasks.Name, "%A_%a.log"),
                $"--array={Ranges([.. numbers.Select(task => task - first)])}{limit}",
                "--requeue",
                $"--cpus-per-task={tasks.Threads}",
                // A minute before the time limit, so that the task saves its progress.
                "--signal=B:TERM@60",
                .. request.Options,
            ],
            Running(tasks.Task(number)),
            first
        );
    }

    static string[] Common(TaskArray tasks, string name, string log) =>
        [
            "--parsable",
            $"--job-name={name}",
            "--open-mode=append",
            // A percent sign in a path begins none of Slurm's patterns.
            $"--output={Path.Combine(tasks.Folder, FolderName).Replace("%", "%%", StringComparison.Ordinal)}/{log}",
            $"--chdir={Environment.CurrentDirectory}",
        ];

    /// <summary>The script becomes the program, so that signals of the scheduler reach it.</summary>
    static string Running(string arguments) => $"#!/bin/sh\nexec {ShellText.Program} {arguments}\n";

    /// <summary>Numbers as <c>--array</c> takes them: <c>0-3,7</c>.</summary>
    /// <param name="numbers">The numbers, in ascending order.</param>
    internal static string Ranges(IReadOnlyList<int> numbers) =>
        string.Join(
            ',',
            numbers
                .Select((number, index) => (number, Run: number - index))
                .GroupBy(entry => entry.Run, entry => entry.number)
                .Select(run =>
                    run.Count() == 1
                        ? string.Create(CultureInfo.InvariantCulture, $"{run.First()}")
                        : string.Create(CultureInfo.InvariantCulture, $"{run.First()}-{run.Last()}")
                )
        );

    /// <summary>The job as a command for the shell.</summary>
    /// <param name="more">Further arguments, as the shell takes them.</param>
    public string ToShell(string more = "") => $"sbatch {ShellText.Words(Arguments)}{more} <<'END'\n{Script}END";
}
