using System.Reflection;
using System.Runtime.InteropServices;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Native;

namespace NoisyNN.Pipelines.Cli.Output;

/// <summary>Explains a failure to the user in one line with cause and remedy.</summary>
public static class Failure
{
    /// <summary>The exit code and the line for an exception.</summary>
    public static (int ExitCode, string Line) Explain(Exception failure)
    {
        while (IsWrapper(failure) && failure.InnerException is { } inner)
            failure = inner;

        return failure switch
        {
            RunInterruptedException => (ExitCode.Interrupted, Sentence(failure)),
            TryAgainException => (ExitCode.TryAgain, Sentence(failure)),
            OperationCanceledException => (ExitCode.Interrupted, "interrupted."),
            DeclarationException or UsageException => (ExitCode.Misused, Sentence(failure)),
            LibtorchUnavailableException => (ExitCode.Failed, Sentence(failure)),
            DllNotFoundException or BadImageFormatException => (ExitCode.Failed, Sentence(failure) + SetUp(failure)),
            InsufficientMemoryException => (ExitCode.Failed, Sentence(failure)),
            _ when LibtorchError.IsOutOfMemory(failure) => (
                ExitCode.Failed,
                "out of memory. Use a smaller training.batchSize or fewer rows (data.trainLimit)."
            ),
            ExternalException libtorch => (ExitCode.Failed, $"libtorch: {LibtorchError.Sentence(libtorch)}"),
            NullReferenceException or InvalidCastException or IndexOutOfRangeException or KeyNotFoundException => (
                ExitCode.Failed,
                $"internal error: {Sentence(failure)} Please report it with the output of NOISYNN_TRACE=1."
            ),
            _ => (ExitCode.Failed, Sentence(failure)),
        };
    }

    /// <summary>
    /// Whether an exception only wraps another one. ML.NET wraps an exception that a getter throws on one of its own threads.
    /// </summary>
    static bool IsWrapper(Exception failure) =>
        failure is TargetInvocationException or TypeInitializationException or AggregateException
        || failure.Message.StartsWith("Splitter/consolidator worker encountered exception", StringComparison.Ordinal)
        || failure.Message == $"Exception of type '{failure.GetType()}' was thrown."
        || failure.Message == failure.InnerException?.Message;

    /// <summary>The remedy for a missing library; empty if the message already has one.</summary>
    static string SetUp(Exception failure) =>
        failure.Message.Contains("./noisynn", StringComparison.Ordinal) ? "" : $" {Installation.RemedyAndCheck}";

    static string Sentence(Exception failure)
    {
        var line = OneLine.Of(failure);
        return line.EndsWith('.') || line.EndsWith('?') ? line : $"{line}.";
    }
}
