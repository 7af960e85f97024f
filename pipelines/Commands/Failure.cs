using System.Reflection;
using System.Runtime.InteropServices;
using NoisyNN.Pipelines.Declarations;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Transforms.Native;

namespace NoisyNN.Pipelines.Commands;

/// <summary>The command line was well formed and still cannot be obeyed: two options that exclude each other, a value that means nothing.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>What went wrong, for a person: one line with cause and remedy.</summary>
public static class Failure
{
    /// <summary>The exit code and the line for an exception.</summary>
    public static (int ExitCode, string Line) Explain(Exception failure)
    {
        while (IsWrapper(failure) && failure.InnerException is { } inner)
            failure = inner;

        return failure switch
        {
            RunInterruptedException => (CommandLine.Interrupted, Sentence(failure)),
            OperationCanceledException => (CommandLine.Interrupted, "interrupted."),
            DeclarationException or UsageException => (CommandLine.Misused, Sentence(failure)),
            LibtorchUnavailableException => (CommandLine.Failed, Sentence(failure)),
            DllNotFoundException or BadImageFormatException => (CommandLine.Failed, Sentence(failure) + SetUp(failure)),
            InsufficientMemoryException => (CommandLine.Failed, Sentence(failure)),
            _ when LibtorchError.IsOutOfMemory(failure) =>
                (CommandLine.Failed, "out of memory. Use a smaller training.batchSize or fewer rows (data.trainLimit)."),
            ExternalException libtorch => (CommandLine.Failed, $"libtorch: {LibtorchError.Sentence(libtorch)}"),
            NullReferenceException or InvalidCastException or IndexOutOfRangeException or KeyNotFoundException =>
                (CommandLine.Failed, $"a fault of this program: {Sentence(failure)} Please report it with what NOISYNN_TRACE=1 prints."),
            _ => (CommandLine.Failed, Sentence(failure)),
        };
    }

    /// <summary>Whether an exception only passes on another one. ML.NET does so for what a getter throws on one of its own threads.</summary>
    static bool IsWrapper(Exception failure) =>
        failure is TargetInvocationException or TypeInitializationException or AggregateException
        || failure.Message.StartsWith("Splitter/consolidator worker encountered exception", StringComparison.Ordinal)
        || failure.Message == $"Exception of type '{failure.GetType()}' was thrown."
        || failure.Message == failure.InnerException?.Message;

    /// <summary>A library that says itself what to do is not told twice.</summary>
    static string SetUp(Exception failure) =>
        failure.Message.Contains("./noisynn", StringComparison.Ordinal) ? "" : " Run './noisynn setup', then './noisynn doctor' to see what is missing.";

    static string Sentence(Exception failure)
    {
        var line = OneLine.Of(failure);
        return line.EndsWith('.') || line.EndsWith('?') ? line : $"{line}.";
    }
}
