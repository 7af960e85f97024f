namespace NoisyNN.Pipelines.Experiments.Running;

/// <summary>A run was interrupted and can be taken up again; the message says where what there is lies.</summary>
public sealed class RunInterruptedException(string message) : OperationCanceledException(message)
{
    /// <summary>The exit code of a process that was interrupted, by Ctrl-C, by a termination signal or by who started it.</summary>
    public const int ExitCode = 130;

    /// <summary>An interrupted run whose folder stays.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="command">The command line that repeats the run.</param>
    public static RunInterruptedException In(RunFolder folder, string command) =>
        new($"interrupted; what there is was kept in {folder.Path}. Continue with: {folder.ResumingCommand(command)}");
}
