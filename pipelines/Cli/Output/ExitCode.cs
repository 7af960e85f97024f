using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>What the program's exit codes mean; 0 is success.</summary>
public static class ExitCode
{
    /// <summary>Something failed; the line on standard error says what and what to do.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the experiment file is not right; nothing was done.</summary>
    public const int Misused = 2;

    /// <summary>The work was done, but some of what was asked for could not be read and is not in it.</summary>
    public const int Incomplete = 3;

    /// <summary>Interrupted by Ctrl-C or a termination signal.</summary>
    public const int Interrupted = RunInterruptedException.ExitCode;
}
