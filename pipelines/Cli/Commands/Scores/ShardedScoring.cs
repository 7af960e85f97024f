using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Process;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Pipelines.Scoring.Shards;

namespace NoisyNN.Pipelines.Cli.Commands.Scores;

/// <summary>Scores shards of a table, each once, whatever number of processes are asked to.</summary>
/// <param name="terminal">Receives notes and progress.</param>
/// <param name="rows">The rows of the whole table.</param>
/// <param name="folder">Receives the shards.</param>
/// <param name="request">The fingerprint of the request.</param>
sealed class ShardedScoring(Terminal terminal, ScoredRows rows, ShardFolder folder, string request)
{
    /// <summary>Scores one shard, or finds that it is complete.</summary>
    /// <exception cref="TryAgainException">It was interrupted, or another process is working on it.</exception>
    public void ScoreOne(Shard shard)
    {
        try
        {
            Score(shard);
        }
        catch (OperationCanceledException)
        {
            throw new TryAgainException($"shard {shard} was interrupted. The same command continues it.");
        }
    }

    /// <summary>Scores all shards that are not complete, one after the other.</summary>
    /// <exception cref="TryAgainException">Other processes are working on some of them; the others are complete.</exception>
    public void ScoreAll()
    {
        TryAgainException? elsewhere = null;
        foreach (var shard in folder.Open)
            try
            {
                Score(shard);
            }
            catch (TryAgainException busy)
            {
                elsewhere = busy;
            }
        if (elsewhere is not null)
            throw new TryAgainException($"{elsewhere.Message} When it has ended, run the same command again.");
    }

    void Score(Shard shard)
    {
        if (folder.IsComplete(shard))
        {
            terminal.Note($"shard {shard} is complete");
            return;
        }
        Directory.CreateDirectory(folder.Path);
        ExclusiveWork.Run(
            folder.AttemptsPath,
            ShardFolder.AttemptName(shard),
            $"shard {shard}",
            terminal,
            cancellation =>
            {
                // Between the first look and the attempt another process may have completed it.
                if (folder.IsComplete(shard))
                    return;
                using var file = ResumableFile.Open(folder.PathOf(shard), request, restart: false);
                if (file.Resumed is { } resumed)
                    terminal.Note(FormattableString.Invariant($"continuing shard {shard} after {resumed.Rows:N0} rows"));
                var run = rows.Score(file, request, shard, cancellation);
                new ScoringReport(
                    folder.PathOf(shard),
                    rows.Source?.Split,
                    run.Rows,
                    run.Unreadable,
                    run.RowsPerSecond,
                    rows.Model.Setting
                ).Print(terminal);
            }
        );
    }
}
