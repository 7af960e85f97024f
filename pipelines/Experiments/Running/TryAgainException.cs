namespace NoisyNN.Pipelines.Experiments.Running;

/// <summary>The work cannot go on now, and the same command may do it later.</summary>
public sealed class TryAgainException(string message) : IOException(message)
{
    /// <summary>The exit code: EX_TEMPFAIL of <c>sysexits.h</c>, which schedulers can take as a reason to run a job again.</summary>
    public const int ExitCode = 75;
}
