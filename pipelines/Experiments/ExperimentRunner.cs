using System.Diagnostics;
using Microsoft.ML;
using NoisyNN.Models.Distributed;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Rows;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Evaluation;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Domains;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Reports.Cards;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>
/// Runs a declared experiment from the data to the report: trains its networks in the same budget, judges them on the same test rows, and
/// writes everything down.
/// </summary>
/// <param name="file">The experiment.</param>
/// <param name="folder">Receives the run; one that failed before its first checkpoint is taken away again.</param>
/// <param name="command">The command line that repeats it.</param>
/// <param name="observer">Hears of the progress.</param>
/// <param name="gpuDeviceId">The CUDA device to train on, which then must be there; null for the CPU.</param>
/// <param name="rowMemoryBytes">Bytes of memory for rows where the experiment does not say; null for what a training takes by
/// itself.</param>
/// <param name="group">The processes that train together, of which this one is the first; null for this process alone.</param>
public sealed class ExperimentRunner(
    ExperimentFile file,
    RunFolder folder,
    string command,
    IRunObserver observer,
    int? gpuDeviceId = null,
    long? rowMemoryBytes = null,
    ProcessGroup? group = null
)
{
    readonly Experiment _experiment = file.Experiment;
    readonly MLContext _ml = new(file.Experiment.Seed) { GpuDeviceId = gpuDeviceId, FallbackToCpu = false };

    /// <summary>Does all of it; the folder then holds the networks, the checkpoints, the metrics, the summary and the report.</summary>
    /// <exception cref="RunInterruptedException">Cancelled; the checkpoints are in the folder.</exception>
    public Summary Run(CancellationToken cancellation) => folder.Keep(command, () => RunToEnd(cancellation));

    Summary RunToEnd(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        observer.Note($"reading {_experiment.Data.Manifest ?? _experiment.Data.Directory}");
        var data = ImageData.Load(_ml, _experiment.Data, _experiment.Seed, cancellation);
        foreach (var warning in data.Warnings)
            observer.Note($"note: {warning}");

        observer.Note(
            $"{data.Name}: {data.TrainCount:N0} rows to train on, {data.ValidationCount:N0} to choose the epoch, "
                + $"{data.TestCount:N0} to judge; "
                + $"{data.Labels.Count} classes, {data.Channels} x {data.Height} x {data.Width}"
        );
        var configuration = NetworkSizes.Configure(file, data);
        Feasibility.Check(_ml, file, data, configuration);

        using var test = ReadTestRows(data, cancellation);
        var inputs = new RunInputs(_ml, _experiment, data, test, folder, observer, rowMemoryBytes, group)
        {
            Target = _experiment.Domain is { } domain ? LoadTarget(domain, data, cancellation) : null,
        };
        if (inputs.Target is { Data: var target })
            observer.Note($"target {target.Name}: {target.TrainCount:N0} rows without labels, {target.TestCount:N0} to judge");
        var findings = configuration is InformationVaeConfiguration autoencoder
            ? new AutoencoderComparison(inputs, autoencoder).Run(cancellation)
            : new ClassifierComparison(inputs, (ClassifierConfiguration)configuration).Run(cancellation);
        // A process whose run another one has taken over writes no summary.
        cancellation.ThrowIfCancellationRequested();
        return Conclude(findings, data, inputs.Target, clock);
    }

    TargetDomain LoadTarget(DomainSection domain, ImageDataSet source, CancellationToken cancellation)
    {
        var images = new DataSection
        {
            Manifest = domain.Manifest,
            Directory = domain.Directory,
            Channels = source.Channels,
            TrainLimit = domain.TrainLimit,
            TestLimit = domain.TestLimit,
        };
        return TargetDomain.Load(
            domain,
            source,
            _experiment.Seed,
            shape => ImageData.Load(_ml, images, _experiment.Seed, cancellation, shape)
        );
    }

    /// <summary>Once for all that judges; a folder's images are decoded anew with every other pass.</summary>
    RowStore ReadTestRows(ImageDataSet data, CancellationToken cancellation) =>
        RowStore.Read(
            data.Test,
            new()
            {
                Role = "test",
                LabelColumnName = "Label",
                Labels = data.Labels,
                MemoryLimit = _experiment.Training.RowMemoryBytes ?? rowMemoryBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4,
                Folder = folder.Path,
                CancellationToken = cancellation,
            }
        );

    Summary Conclude(Findings findings, ImageDataSet data, TargetDomain? target, Stopwatch clock)
    {
        var sites = findings.Leaks.Select(leak => Summarize(leak, findings.LeakSubject!)).ToList();
        var declared = sites.FirstOrDefault();
        var summary = new Summary
        {
            Name = _experiment.Name,
            Claim = _experiment.Claim,
            Finished = DateTimeOffset.UtcNow,
            TotalSeconds = clock.Elapsed.TotalSeconds,
            Engines = EngineProbe.Summarize(
                _ml.GpuDeviceId,
                ComputingThreads.Of(_experiment.Training.ThreadCount, _experiment.Training.Ranks)
            ),
            Ranks = group is null ? null : Summarize(group),
            Command = command,
            Seed = _experiment.Seed,
            Dataset = Summarize(data),
            Target = target is null ? null : Summarize(target.Data),
            Runs = findings.Runs,
            Difference = findings.Difference,
            Protocol = declared?.Protocol ?? [],
            ProtocolSite = declared?.ProtocolSite,
            LeakIndex = declared?.Leaks.OrderBy(index => Math.Abs(index.Batch - LeakDemonstration.PublishedBatch)).FirstOrDefault()?.Index,
            Leaks = declared?.Leaks ?? [],
            BatchInvariance = findings.BatchInvariance,
            BatchInvarianceWithNoise = declared?.BatchInvarianceWithNoise,
            Verdict = declared?.Verdict,
            ProtocolBeforeHead = sites.ElementAtOrDefault(1),
            Onnx = findings.Onnx,
            Measured = findings.Measured,
        };
        MetricsLog.Merge(folder, findings.Runs.Select(run => run.Name));
        AtomicFile.WriteText(folder.ReportPath, HtmlReport.Render(summary, findings.Curves, findings.Pictures));
        if (summary.Onnx is not null)
            AtomicFile.WriteText(folder.ModelCardPath, ModelCard.Render(summary));
        AtomicFile.WriteText(folder.SummaryPath, summary.ToJson() + "\n");
        folder.PointLatestHere();
        return summary;
    }

    static SiteSummary Summarize(LeakFinding leak, string subject) =>
        new(
            $"{subject} network, {NoiseWords.Place(leak.Placement)}",
            Summarize(leak.Result),
            [
                .. leak.Result.LeakIndexes.Select(index => new LeakSummary(
                    index.Batch,
                    index.Value,
                    index.Interval?.Low,
                    index.Interval?.High,
                    index.PValue
                )),
            ],
            leak.Result.Invariance.LargestChange,
            leak.Result.Verdict
        );

    RankSummary Summarize(ProcessGroup processes) =>
        new(
            processes.Size,
            processes.Library,
            "each rank normalises by its own rows; running statistics are means over the ranks",
            _experiment.Noise.Input is { Noise.IsTransductive: true } || _experiment.Training.Augmentation is { MixupAlpha: > 0 }
                ? "rows of all ranks are gathered before they are mixed"
                : "no rows are mixed in training"
        );

    static DataSetSummary Summarize(ImageDataSet data) =>
        new(data.Name, data.TrainCount, data.ValidationCount, data.TestCount, data.Sha256)
        {
            Shape = [data.Channels, data.Height, data.Width],
            Classes =
            [
                .. data.Labels.Zip(data.CountClasses(), (label, rows) => new ClassCounts(label, rows.Train, rows.Validation, rows.Test)),
            ],
            Notes = data.Warnings,
        };

    static IReadOnlyList<ProtocolSummary> Summarize(ProtocolResult result) =>
        [
            .. from row in result.Rows
            group row.Accuracy by (row.Noise, row.Order, row.Batch) into cell
            let mean = cell.Average()
            let spread = Math.Sqrt(cell.Sum(accuracy => (accuracy - mean) * (accuracy - mean)) / Math.Max(1, cell.Count() - 1))
            select new ProtocolSummary(
                cell.Key.Noise == ProtocolResult.NoNoise ? "off" : cell.Key.Noise,
                cell.Key.Order,
                cell.Key.Batch,
                mean,
                spread,
                cell.Count()
            ),
        ];
}
