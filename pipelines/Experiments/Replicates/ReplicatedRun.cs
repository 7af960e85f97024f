using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Experiments.Replicates;

/// <summary>
/// Runs an experiment of several seeds or folds: every replicate as a process that fills a folder of its own, as many side by side as was
/// asked for, and then one summary and one report over all of them. A replicate that is complete is not run again.
/// </summary>
/// <param name="file">The experiment, with the threads that each replicate computes with.</param>
/// <param name="folder">Receives the run; one that failed before its first checkpoint is taken away again.</param>
/// <param name="command">The command line that repeats it.</param>
/// <param name="processes">How many replicates run side by side.</param>
/// <param name="observer">Hears of the progress.</param>
/// <param name="gpuDeviceId">The CUDA device to train on; null for the CPU.</param>
public sealed class ReplicatedRun(
    ExperimentFile file,
    RunFolder folder,
    string command,
    int processes,
    IReplicateObserver observer,
    int? gpuDeviceId = null
)
{
    readonly Experiment _experiment = file.Experiment;
    readonly IReadOnlyList<Replicate> _replicates = Replicate.Of(file.Experiment);

    /// <summary>The replicates that are complete, in their declared order.</summary>
    /// <exception cref="InvalidDataException">A replicate's summary is damaged.</exception>
    public IReadOnlyList<ReplicateSummary> ReadComplete() =>
        [
            .. from replicate in _replicates
            let path = SummaryPath(replicate)
            where File.Exists(path)
            select new ReplicateSummary(replicate.Name, replicate.Title, Read(path, replicate)),
        ];

    /// <summary>Does all of it; the folder then holds the replicates' folders, the summary and the report.</summary>
    /// <exception cref="RunInterruptedException">Cancelled; complete replicates and checkpoints are in the folder.</exception>
    /// <exception cref="InvalidOperationException">A replicate failed; the others were run to their end and are in the folder.</exception>
    public ReplicatedSummary Run(CancellationToken cancellation) =>
        folder.Keep(
            command,
            () =>
            {
                var clock = Stopwatch.StartNew();
                var complete = ReadComplete().Select(replicate => replicate.Name).ToHashSet();
                var open = _replicates.Where(replicate => !complete.Contains(replicate.Name)).ToList();
                if (open.Count > 0)
                    RunOpen(open, cancellation);
                return Conclude(clock);
            }
        );

    void RunOpen(List<Replicate> open, CancellationToken cancellation)
    {
        observer.Note($"reading {_experiment.Data.Manifest ?? _experiment.Data.Directory}");
        CheckFeasibility(cancellation);
        var threads = ComputingThreads.Of(_experiment.Training.ThreadCount);
        observer.Note(
            $"{(open.Count < _replicates.Count ? $"{open.Count} of " : "")}{_replicates.Count} runs to do ({string.Join(", ", open.Select(replicate => replicate.Title))}), "
                + $"{Math.Min(processes, open.Count)} side by side, each on {threads} thread{(threads == 1 ? "" : "s")}"
        );
        var ends = RunSideBySide(open, cancellation).GetAwaiter().GetResult();
        if (ends.Any(end => end.IsInterrupted))
            throw new OperationCanceledException(cancellation);
        if (ends.Where(end => end.ExitCode != 0).ToList() is { Count: > 0 } failed)
            throw new InvalidOperationException(Describe(failed));
    }

    /// <summary>What cannot end well is refused once, before any replicate begins, and with the line of the user's own file.</summary>
    void CheckFeasibility(CancellationToken cancellation)
    {
        var ml = new MLContext(_experiment.Seed);
        var data = ImageData.Load(ml, _experiment.Data, _experiment.Seed, cancellation);
        Feasibility.Check(ml, file, data, NetworkSizes.Configure(file, data));
    }

    async Task<ReplicateEnd[]> RunSideBySide(List<Replicate> open, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var places = new SemaphoreSlim(processes);
        // No part of the declaration, since it changes no value: a run goes on where there is another amount of memory.
        var rowMemoryBytes = Parallelism.RowMemoryBytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, processes);
        return await Task.WhenAll(open.Select(RunInPlace));

        async Task<ReplicateEnd> RunInPlace(Replicate replicate)
        {
            await places.WaitAsync(stop.Token);
            try
            {
                // A place may be handed over while it is cancelled.
                stop.Token.ThrowIfCancellationRequested();
                var end = await ReplicateProcess.Run(folder.Path, replicate, rowMemoryBytes, gpuDeviceId, observer, stop.Token);
                // Whoever stops one of them, from outside, means all.
                if (end.IsInterrupted)
                    await stop.CancelAsync();
                else if (end.ExitCode != 0)
                    observer.Note(replicate, $"failed: {end.Cause}");
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

    string Describe(List<ReplicateEnd> failed)
    {
        var causes = failed
            .GroupBy(end => end.Cause)
            .Select(cause => $"{string.Join(", ", cause.Select(end => end.Replicate.Title))} failed: {cause.Key}");
        return string.Join(" ", causes)
            + (folder.IsStarted ? $" What there is was kept in {folder.Path}. Continue with: {folder.ResumingCommand(command)}" : "");
    }

    ReplicatedSummary Conclude(Stopwatch clock)
    {
        var summary = ReplicatedSummary.Of(
            ReadComplete(),
            _experiment.Seeds.Count > 1 ? ReplicatedSummary.Seeds : ReplicatedSummary.Folds
        ) with
        {
            Finished = DateTimeOffset.UtcNow,
            TotalSeconds = clock.Elapsed.TotalSeconds,
            Command = command,
            Processes = processes,
        };
        AtomicFile.WriteText(folder.ReportPath, ReplicatedReport.Render(summary));
        AtomicFile.WriteText(folder.SummaryPath, summary.ToJson() + "\n");
        folder.PointLatestHere();
        return summary;
    }

    string SummaryPath(Replicate replicate) => Path.Combine(folder.Path, replicate.Name, Path.GetFileName(folder.SummaryPath));

    static Summary Read(string path, Replicate replicate)
    {
        try
        {
            return Summary.FromJson(File.ReadAllText(path));
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException(
                $"{path} is damaged: {Yaml.OneLine.Of(damaged).TrimEnd('.')}. Delete it; --resume then judges {replicate.Title} again.",
                damaged
            );
        }
    }
}
