using System.Diagnostics;
using Microsoft.ML;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Experiments.Sweeps;

/// <summary>
/// Runs the trials of an experiment: every trial as a process that fills a folder of its own, as many side by side as was asked for, and
/// then one summary and one report over all of them. A trial that is complete is not run again.
/// </summary>
/// <param name="file">The experiment, with the threads that each trial computes with.</param>
/// <param name="folder">Receives the run; one that failed before its first checkpoint is taken away again.</param>
/// <param name="command">The command line that repeats it.</param>
/// <param name="processes">How many trials run side by side.</param>
/// <param name="observer">Hears of the progress.</param>
/// <param name="gpuDeviceId">The CUDA device to train on; null for the CPU.</param>
public sealed class SweepRun(
    ExperimentFile file,
    RunFolder folder,
    string command,
    int processes,
    ISweepObserver observer,
    int? gpuDeviceId = null
)
{
    // What a terminal can list in one line.
    const int MostListed = 10;

    readonly Experiment _experiment = file.Experiment;
    readonly SweepFolder _sweep = new(folder.Path, file);

    /// <summary>The trials that are complete, in their order.</summary>
    /// <exception cref="InvalidDataException">A trial's summary is damaged.</exception>
    public IReadOnlyList<ReplicateSummary> ReadComplete() =>
        [
            .. from trial in _sweep.Trials
            let summary = _sweep.Read(trial)
            where summary is not null
            select new ReplicateSummary(trial.Name, trial.Title, summary),
        ];

    /// <summary>Checks all trials and writes their table, and runs none: other processes do, with <c>noisynn trial</c>.</summary>
    public void Prepare(CancellationToken cancellation) =>
        folder.Keep(
            command,
            () =>
            {
                CheckFeasibility(cancellation);
                Directory.CreateDirectory(_sweep.AttemptsPath);
                new TrialTable(_sweep).Write();
                return 0;
            }
        );

    /// <summary>Sums up trials that other processes have run.</summary>
    /// <exception cref="InvalidOperationException">Some are not complete.</exception>
    public SweepResult Summarize()
    {
        var table = new TrialTable(_sweep);
        table.Write();
        if (table.Open is { Count: > 0 } open)
            throw new InvalidOperationException(
                $"{open.Count} of {table.Rows.Count} trials are not complete: {Listed([.. open.Select(trial => trial.Name)])}. "
                    + $"See: ./noisynn status {folder.Path}"
            );
        return Conclude(table, Stopwatch.StartNew());
    }

    /// <summary>Does all of it; the folder then holds the trials' folders, their table, the summary and the report.</summary>
    /// <exception cref="RunInterruptedException">Cancelled; complete trials and checkpoints are in the folder.</exception>
    /// <exception cref="InvalidOperationException">A trial failed; the others were run to their end and are in the folder.</exception>
    /// <exception cref="TryAgainException">Another process is working on a trial.</exception>
    public SweepResult Run(CancellationToken cancellation) =>
        folder.Keep(
            command,
            () =>
            {
                var clock = Stopwatch.StartNew();
                var table = new TrialTable(_sweep);
                if (table.Open is { Count: > 0 } open)
                    RunOpen(open, table, cancellation);
                table.Write();
                return Conclude(table, clock);
            }
        );

    void RunOpen(IReadOnlyList<Trial> open, TrialTable table, CancellationToken cancellation)
    {
        observer.Note($"reading {_experiment.Data.Manifest ?? _experiment.Data.Directory}");
        CheckFeasibility(cancellation);
        table.Write();
        var threads = ComputingThreads.Of(_experiment.Training.ThreadCount);
        var names = open.Count > MostListed ? "" : $" ({string.Join(", ", open.Select(trial => trial.Title))})";
        observer.Note(
            $"{(open.Count < _sweep.Trials.Count ? $"{open.Count} of " : "")}{_sweep.Trials.Count} runs to do{names}, "
                + $"{Math.Min(processes, open.Count)} side by side, each on {threads} thread{(threads == 1 ? "" : "s")}"
        );
        TrialEnd[] ends;
        int? reached;
        do
        {
            reached = _sweep.Stopping?.Reached;
            ends = RunSideBySide(open, table, cancellation).GetAwaiter().GetResult();
            if (ends.Any(end => end.IsInterrupted))
                throw new OperationCanceledException(cancellation);
            open = table.Open;
            // Trials that wait for others at a rung go on when all have reached it.
        } while (open.Count > 0 && _sweep.Stopping?.Reached > reached && ends.All(end => end.ExitCode == 0 || end.IsElsewhere));
        Require(ends);
    }

    /// <exception cref="InvalidOperationException">A trial failed.</exception>
    /// <exception cref="TryAgainException">Another process is working on a trial.</exception>
    void Require(TrialEnd[] ends)
    {
        if (ends.Where(end => end.ExitCode != 0 && !end.IsElsewhere).ToList() is { Count: > 0 } failed)
            throw new InvalidOperationException(Describe(failed));
        if (ends.Where(end => end.IsElsewhere).ToList() is { Count: > 0 } elsewhere)
            throw new TryAgainException(
                $"other processes are working on {Titles(elsewhere)}. When they have ended, "
                    + $"continue with: {folder.ResumingCommand(command)}"
            );
    }

    /// <summary>What cannot end well is refused once, before any trial begins, and with the line of the user's own file.</summary>
    void CheckFeasibility(CancellationToken cancellation)
    {
        var ml = new MLContext(_experiment.Seed);
        var points = _sweep.Tasks.DistinctBy(trial => trial.Point).Select(_sweep.FileOf);
        foreach (var group in points.GroupBy(point => point.Experiment.Data))
        {
            var data = ImageData.Load(ml, group.Key, _experiment.Seed, cancellation);
            foreach (var point in group)
            {
                Feasibility.Check(ml, point, data, NetworkSizes.Configure(point, data));
                if (_experiment.Sweep?.Stop is { } stop)
                    EarlyStopping.Check(point, stop);
            }
        }
    }

    async Task<TrialEnd[]> RunSideBySide(IReadOnlyList<Trial> open, TrialTable table, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var places = new SemaphoreSlim(processes);
        // No part of the declaration, since it changes no value: a run goes on where there is another amount of memory.
        var rowMemoryBytes = Parallelism.RowMemoryBytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, processes);
        return await Task.WhenAll(open.Select(RunInPlace));

        async Task<TrialEnd> RunInPlace(Trial trial)
        {
            await places.WaitAsync(stop.Token);
            try
            {
                // A place may be handed over while it is cancelled.
                stop.Token.ThrowIfCancellationRequested();
                var end = await TrialProcess.Run(folder.Path, trial, rowMemoryBytes, gpuDeviceId, observer, stop.Token);
                // Whoever stops one of them, from outside, means all.
                if (end.IsInterrupted)
                    await stop.CancelAsync();
                var row = table.Update(trial);
                if (!end.IsInterrupted)
                    observer.Ended(trial, table.Ended, table.Rows.Count, Words(end, row));
                return end;
            }
            catch
            {
                // Nobody hears of the others any more.
                await stop.CancelAsync();
                throw;
            }
            finally
            {
                places.Release();
            }
        }
    }

    static string Words(TrialEnd end, TrialRow row) =>
        end.IsElsewhere ? end.Failure.TrimEnd('.')
        : row.State is TrialState.Stopped ? row.Cause!
        : end.ExitCode != 0 ? $"failed: {end.Cause}"
        : row.Unit is null ? FormattableString.Invariant($"validation {row.Validation:0.0000}, test {row.Test:0.0000}")
        : FormattableString.Invariant($"validation {row.Validation:F2}, test {row.Test:F2} {row.Unit}");

    string Describe(List<TrialEnd> failed)
    {
        var causes = failed.GroupBy(end => end.Cause).Select(cause => $"{Titles(cause)} failed: {cause.Key}");
        return string.Join(" ", causes)
            + (folder.IsStarted ? $" What there is was kept in {folder.Path}. Continue with: {folder.ResumingCommand(command)}" : "");
    }

    static string Titles(IEnumerable<TrialEnd> ends) => Listed([.. ends.Select(end => end.Trial.Title)]);

    static string Listed(IReadOnlyList<string> titles) =>
        string.Join(", ", titles.Take(MostListed))
        + (titles.Count > MostListed ? $" and {titles.Count - MostListed} more (see {TrialTable.FileName})" : "");

    SweepResult Conclude(TrialTable table, Stopwatch clock)
    {
        var result = _experiment.Sweep is null
            ? new SweepResult(null, Replicated(clock))
            : new SweepResult(
                SweepSummary.Of(_sweep, table.Rows) with
                {
                    Finished = DateTimeOffset.UtcNow,
                    TotalSeconds = clock.Elapsed.TotalSeconds,
                    Command = command,
                    Processes = processes,
                },
                null
            );
        AtomicFile.WriteText(folder.ReportPath, result.Render());
        AtomicFile.WriteText(folder.SummaryPath, result.ToJson() + "\n");
        folder.PointLatestHere();
        return result;
    }

    ReplicatedSummary Replicated(Stopwatch clock) =>
        ReplicatedSummary.Of(ReadComplete(), _experiment.Seeds.Count > 1 ? ReplicatedSummary.Seeds : ReplicatedSummary.Folds) with
        {
            Finished = DateTimeOffset.UtcNow,
            TotalSeconds = clock.Elapsed.TotalSeconds,
            Command = command,
            Processes = processes,
        };
}

/// <summary>What the trials found: one of the two.</summary>
/// <param name="Sweep">Of an experiment with a sweep.</param>
/// <param name="Replicates">Of an experiment that has several seeds or folds alone.</param>
public sealed record SweepResult(SweepSummary? Sweep, ReplicatedSummary? Replicates)
{
    /// <summary>The summary as indented JSON with camel-case keys.</summary>
    public string ToJson() => Sweep?.ToJson() ?? Replicates!.ToJson();

    /// <summary>The report.</summary>
    public string Render() => Sweep is null ? ReplicatedReport.Render(Replicates!) : SweepReport.Render(Sweep);
}
