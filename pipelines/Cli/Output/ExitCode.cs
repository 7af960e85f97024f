using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>The program's exit codes; 0 is success.</summary>
public static class ExitCode
{
    /// <summary>Something failed; the line on standard error has the cause and the remedy.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the experiment file is invalid; nothing was done.</summary>
    public const int Misused = 2;

    /// <summary>The work is done, but some inputs could not be read and are missing from the result.</summary>
    public const int Incomplete = 3;

    /// <summary>The audit is done, and the model's predictions depend on the batch.</summary>
    public const int Leaking = 4;

    /// <summary>The work cannot go on now; the same command may do it later.</summary>
    public const int TryAgain = TryAgainException.ExitCode;

    /// <summary>The reader of standard output has gone, as after <c>| head</c>. Shells report the same code for SIGPIPE.</summary>
    public const int ReaderGone = 141;

    /// <summary>Interrupted by Ctrl-C or a termination signal.</summary>
    public const int Interrupted = RunInterruptedException.ExitCode;
}
