using NoisyNN.Models.Distributed;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Process;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Ranks;

namespace NoisyNN.Pipelines.Cli.Commands.Runs;

/// <summary>
/// One of the processes that train together. The first does what a command does in one process. The others follow it, and say nothing
/// unless they alone fail.
/// </summary>
static class RankCommand
{
    // Most failures happen on all ranks, and the first one reports them.
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>Takes part, and ends all ranks if this one fails.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="terminal">The streams of this process.</param>
    /// <param name="lead">What the first process does.</param>
    public static int Run(ExperimentFile experiment, Terminal terminal, Action<ProcessGroup, CancellationToken> lead)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(terminal.Cancellation);
        ProcessGroup? group = null;
        try
        {
            group = Join(experiment.Experiment.Training.Ranks);
            if (group.Rank == 0)
            {
                if (RankJob.HasStartedThisProcess)
                    StandardInput.CancelAtEnd(stop);
                lead(group, stop.Token);
            }
            else
            {
                new FollowingRank(experiment, group).Run(stop.Token);
            }
        }
        catch (OperationCanceledException) when (group is { Rank: > 0 })
        {
            // The first rank saves the checkpoint and then ends the job.
        }
        catch (Exception failure)
        {
            return Fail(failure, group, terminal);
        }
        group.Dispose();
        return 0;
    }

    static MpiProcessGroup Join(int ranks)
    {
        var group = MpiProcessGroup.Join();
        return group.Size == ranks
            ? group
            : throw new UsageException(
                $"the launcher has started {group.Size} processes, but training.ranks (--ranks) is {ranks}. Make them equal, or start one "
                    + "process without the launcher: it starts the others."
            );
    }

    static int Fail(Exception failure, ProcessGroup? group, Terminal terminal)
    {
        var rank = group?.Rank ?? RankLauncher.Rank ?? 0;
        if (rank > 0)
            Thread.Sleep(s_patience);
        var (code, line) = Failure.Explain(failure);
        terminal.Fail(rank > 0 ? $"rank {rank}: {line}" : line);
        if (Environment.GetEnvironmentVariable("NOISYNN_TRACE") == "1")
            terminal.Error.WriteLine(failure);
        terminal.Output.Flush();
        terminal.Error.Flush();
        group?.Abort(code);
        return code;
    }
}
