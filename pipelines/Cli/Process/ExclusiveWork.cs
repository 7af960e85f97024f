using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps.Attempts;

namespace NoisyNN.Pipelines.Cli.Process;

/// <summary>Work that several processes may be asked to do and that one does, such as a trial or a shard of a table.</summary>
static class ExclusiveWork
{
    /// <summary>Does the work, and writes down how it ended.</summary>
    /// <param name="attempts">The folder of the attempts.</param>
    /// <param name="name">The name of the work's files there.</param>
    /// <param name="title">What messages call the work.</param>
    /// <param name="terminal">Receives notes, and asks the work to stop.</param>
    /// <param name="work">The work; its token is cancelled also when another process has taken over.</param>
    /// <exception cref="TryAgainException">Another process is at work, or has taken over.</exception>
    public static void Run(string attempts, string name, string title, Terminal terminal, Action<CancellationToken> work)
    {
        using var attempt =
            Attempt.TryBegin(attempts, name, AttemptTiming.Default, terminal.Note)
            ?? throw new TryAgainException(
                $"{Attempt.Find(attempts, name).Last?.Process.ToString() ?? "another process"} is working on {title}."
            );
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(terminal.Cancellation, attempt.Lost);
        try
        {
            work(stop.Token);
            attempt.End(AttemptState.Complete);
        }
        catch (OperationCanceledException) when (attempt.Lost.IsCancellationRequested)
        {
            throw new TryAgainException($"another process has taken over {title}, because this one gave no sign of life.");
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or TryAgainException))
        {
            attempt.End(AttemptState.Failed, Failure.Explain(failure).Line);
            throw;
        }
    }
}
