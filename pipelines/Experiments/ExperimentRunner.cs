using System.Diagnostics;
using Microsoft.ML;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Evaluation;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Trust;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>
/// Runs a declared experiment from the data to the report: trains the vanilla and the noisy network in the same budget, judges them with
/// noise off, shows what noise at inference does to a class-sorted test, ships the network as ONNX, and writes everything down.
/// </summary>
/// <param name="file">The experiment.</param>
/// <param name="folder">Receives the run; one that failed before its first checkpoint is taken away again.</param>
/// <param name="command">The command line that repeats it.</param>
/// <param name="observer">Hears of the progress.</param>
/// <param name="gpuDeviceId">The CUDA device to train on, which then must be there; null for the CPU.</param>
/// <param name="rowMemoryBytes">Bytes of memory for rows where the experiment does not say; null for what a training takes by
/// itself.</param>
public sealed class ExperimentRunner(
    ExperimentFile file,
    RunFolder folder,
    string command,
    IRunObserver observer,
    int? gpuDeviceId = null,
    long? rowMemoryBytes = null
)
{
    /// <summary>The training without any noise.</summary>
    public const string Vanilla = "vanilla";

    /// <summary>The training with the experiment's noise.</summary>
    public const string Noisy = "noisy";

    readonly Experiment _experiment = file.Experiment;
    readonly MLContext _ml = new(file.Experiment.Seed) { GpuDeviceId = gpuDeviceId, FallbackToCpu = false };

    /// <summary>Does all of it; the folder then holds the model, the checkpoints, the metrics, the summary and the report.</summary>
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
            $"{data.Name}: {data.TrainCount:N0} rows to train on, {data.ValidationCount:N0} to choose the epoch, {data.TestCount:N0} to judge; "
                + $"{data.Labels.Count} classes, {data.Channels} x {data.Height} x {data.Width}"
        );
        var configuration = NetworkSizes.Configure(file, data);
        Feasibility.Check(_ml, file, data, configuration);

        var training = new NetworkTraining(_ml, _experiment, configuration, data, observer, rowMemoryBytes);
        var pipelines = new List<TrainedPipeline>();
        try
        {
            foreach (var run in Runs())
                pipelines.Add(Train(training, run, cancellation));
            return Conclude(pipelines, data, clock, cancellation);
        }
        finally
        {
            foreach (var pipeline in pipelines)
                (pipeline.Model as IDisposable)?.Dispose();
        }
    }

    IEnumerable<string> Runs()
    {
        if (_experiment.Evaluation.Baseline || !_experiment.HasNoise)
            yield return Vanilla;
        if (_experiment.HasNoise)
            yield return Noisy;
    }

    TrainedPipeline Train(NetworkTraining training, string run, CancellationToken cancellation)
    {
        observer.Note($"training {run}: {(run == Noisy ? NoiseWords.Describe(_experiment) : NoiseWords.DescribeBaseline(_experiment))}");
        var pipeline = training.Run(run, withNoise: run == Noisy, folder.TrainingPath(run), folder.IsResumed, cancellation);
        observer.Note(
            FormattableString.Invariant(
                $"  {run}: validation {pipeline.Training.ValidationAccuracy:0.0000} (epoch {pipeline.Training.BestEpoch}), test {pipeline.TestAccuracy:0.0000} with noise off"
            )
        );
        return pipeline;
    }

    Summary Conclude(List<TrainedPipeline> pipelines, ImageDataSet data, Stopwatch clock, CancellationToken cancellation)
    {
        LeakFinding? leak = null;
        var subject = pipelines[0];
        if (_experiment.NoiseAtInference is { } section)
        {
            // The published recipe attaches the noise to a network that was trained without it; noise that stays on after training, to the
            // one that had it.
            subject = _experiment.Evaluation.Leak is null ? pipelines[^1] : pipelines[0];
            observer.Note(
                $"judging {subject.Run} with {NoiseWords.Describe(section.Noise)} {NoiseWords.Place(section.Placement)}, at inference alone"
            );
            leak = new LeakDemonstration(_experiment.Evaluation, _experiment.Seed, observer).Run(subject, data, section, cancellation);
        }

        observer.Note($"exporting {pipelines[^1].Run} to {folder.ModelPath} and scoring the test rows with it");
        var onnx = new OnnxDelivery(_ml, _experiment, data).Run(pipelines[^1], folder.ModelPath);
        ExportedModels.Add(folder.ModelPath);

        var summary = new Summary
        {
            Name = _experiment.Name,
            Claim = _experiment.Claim,
            Finished = DateTimeOffset.UtcNow,
            TotalSeconds = clock.Elapsed.TotalSeconds,
            Engines = EngineProbe.Summarize(_ml.GpuDeviceId, ComputingThreads.Of(_experiment.Training.ThreadCount)),
            Command = command,
            Seed = _experiment.Seed,
            Dataset = new DataSetSummary(data.Name, data.TrainCount, data.ValidationCount, data.TestCount, data.Sha256),
            Runs = [.. pipelines.Select(pipeline => Summarize(pipeline, data))],
            Protocol = leak is null ? [] : Summarize(leak.Result),
            ProtocolSite = leak is null ? "not run" : $"{subject.Run} network, {NoiseWords.Place(leak.Placement)}",
            LeakIndex = leak
                ?.Result.LeakIndexes.OrderBy(index => Math.Abs(index.Batch - LeakDemonstration.PublishedBatch))
                .FirstOrDefault()
                ?.Value,
            Leaks =
            [
                .. leak?.Result.LeakIndexes.Select(index => new LeakSummary(
                    index.Batch,
                    index.Value,
                    index.Interval.Low,
                    index.Interval.High
                )) ?? [],
            ],
            BatchInvariance = pipelines.Max(pipeline => pipeline.Invariance.LargestChange),
            BatchInvarianceWithNoise = leak?.Result.Invariance.LargestChange,
            Verdict = leak is null
                ? "No noise was attached at inference; the figures above are with noise off."
                : leak.Result.Verdict + leak.Remark,
            Onnx = onnx,
        };
        MetricsLog.Merge(folder, pipelines.Select(pipeline => pipeline.Run));
        AtomicFile.WriteText(
            folder.ReportPath,
            HtmlReport.Render(summary, [.. pipelines.Select(Curve)], InformationMapping.Map(pipelines[^1], data))
        );
        AtomicFile.WriteText(folder.SummaryPath, summary.ToJson() + "\n");
        folder.PointLatestHere();
        return summary;
    }

    RunSummary Summarize(TrainedPipeline pipeline, ImageDataSet data)
    {
        var total = (int)data.TestCount;
        var interval = Interval.OfShare((int)Math.Round(pipeline.TestAccuracy * total), total);
        var training = pipeline.Training;
        return new RunSummary(
            pipeline.Run,
            pipeline.Run == Noisy ? NoiseWords.Describe(_experiment) : NoiseWords.DescribeBaseline(_experiment),
            training.ValidationAccuracy,
            pipeline.TestAccuracy,
            interval.Low,
            interval.High,
            training.Epochs.Count,
            training.BestEpoch,
            training.Seconds,
            training.ImagesPerSecond,
            pipeline.Network.ParameterCount,
            pipeline.Invariance.Passed
        )
        {
            LinearProducts = training.LinearProduct?.ToString().ToLowerInvariant(),
        };
    }

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

    static TrainingCurve Curve(TrainedPipeline pipeline) =>
        new(
            pipeline.Run,
            [
                .. pipeline.Training.Epochs.Select(epoch => new EpochPoint(
                    epoch.Epoch,
                    epoch.Loss,
                    epoch.ValidationLoss ?? double.NaN,
                    epoch.ValidationAccuracy ?? double.NaN
                )),
            ]
        );
}
