namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>How the process of a model ended.</summary>
/// <param name="Cause">What happened, as the end of a sentence.</param>
/// <param name="Remedy">What to do, as a sentence.</param>
sealed record ProcessEnd(string Cause, string Remedy)
{
    const int SignalBase = 128;

    const string Distrust = "The file can crash any program that loads it. Export the model again, or use another one.";

    /// <summary>The end that an exit code tells. On Unix, a signal is the code less 128.</summary>
    public static ProcessEnd Of(int exitCode, string lastWords)
    {
        var signal = OperatingSystem.IsWindows() ? 0 : exitCode - SignalBase;
        return signal switch
        {
            4 => new("crashed (SIGILL, an instruction that the processor does not have)", Distrust),
            6 when IsOutOfMemory(lastWords) => new("ran out of memory and was aborted (SIGABRT)", MoreMemory),
            6 => new("was aborted by ONNX Runtime (SIGABRT)", Distrust),
            7 => new("crashed (SIGBUS, memory that is not there)", Distrust),
            8 => new("crashed (SIGFPE, a division by zero or beyond the range)", Distrust),
            9 => new(
                "was killed from outside (SIGKILL)",
                "The system does so when memory runs out. Try again with smaller batches, or on a machine with more memory."
            ),
            11 => new("crashed (SIGSEGV, access to memory that it does not have)", Distrust),
            15 => new("was ended from outside (SIGTERM)", "Try again."),
            > 0 and < 65 => new($"was ended by the signal {signal}", "Try again."),
            _ => new($"ended with the exit code {exitCode}", Distrust),
        };
    }

    public static ProcessEnd OutOfMemory(long limit) =>
        new(FormattableString.Invariant($"needed more than its limit of {limit / 1048576:N0} MiB of memory"), MoreMemory);

    public static ProcessEnd OutOfTime(TimeSpan limit, string work) =>
        new(
            FormattableString.Invariant($"did not finish {work} within {limit.TotalSeconds:0.###} seconds"),
            $"Use smaller batches. {Unlimited}"
        );

    /// <summary>Whether a message of ONNX Runtime says that memory could not be had.</summary>
    public static bool IsOutOfMemory(string message) =>
        message.Contains("bad_alloc", StringComparison.Ordinal)
        || message.Contains("Failed to allocate memory", StringComparison.Ordinal)
        || message.Contains("Out of memory", StringComparison.OrdinalIgnoreCase);

    const string Unlimited =
        "If you know where the file comes from, run it without limits (--trusted) or with higher ones (ModelIsolation in code).";

    const string MoreMemory = $"Use smaller batches. {Unlimited}";
}
