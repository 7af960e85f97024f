using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Weights;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Files;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>
/// Trains both autoencoders of a comparison on the same rows in the same order, bounds the test rows, and writes everything down.
/// </summary>
/// <param name="experiment">The comparison.</param>
/// <param name="folder">Receives the run; one that failed before its first checkpoint is taken away again.</param>
/// <param name="command">The command line that repeats it.</param>
/// <param name="observer">Hears of the progress.</param>
/// <param name="gpuDeviceId">The CUDA device to train on, which then must be there; null for the CPU.</param>
public sealed class BoundsRunner(
    BoundsExperiment experiment,
    RunFolder folder,
    string command,
    IRunObserver observer,
    int? gpuDeviceId = null
)
{
    /// <summary>The trained weights, in the folder of each training.</summary>
    public const string WeightsFileName = "autoencoder.safetensors";

    const int BatchSize = 200;

    static readonly VaePosterior[] s_posteriors = [VaePosterior.Gaussian, VaePosterior.InformationDropout];

    readonly MLContext _ml = new(experiment.Seed) { GpuDeviceId = gpuDeviceId, FallbackToCpu = false };

    /// <summary>Does all of it; the folder then holds weights, checkpoints, metrics, the summary and the report.</summary>
    /// <exception cref="RunInterruptedException">Cancelled; the checkpoints are in the folder.</exception>
    public BoundsSummary Run(CancellationToken cancellation) => folder.Keep(command, () => RunToEnd(cancellation));

    BoundsSummary RunToEnd(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        observer.Note($"reading {experiment.Data.Manifest ?? experiment.Data.Directory}");
        var data = ImageData.Load(_ml, experiment.Data, experiment.Seed, cancellation);
        foreach (var warning in data.Warnings)
            observer.Note($"note: {warning}");
        if (data.Height != data.Width)
            throw new InvalidDataException(
                $"{data.Name} has images of {data.Height} x {data.Width} pixels; an autoencoder takes square ones."
            );
        observer.Note(
            $"{data.Name}: {data.TrainCount:N0} rows to train on, {data.ValidationCount:N0} to validate, {data.TestCount:N0} to judge"
        );

        var trained = s_posteriors.Select(posterior => Train(posterior, data, cancellation)).ToList();
        var summary = new BoundsSummary
        {
            Name = experiment.Name,
            Claim = experiment.Claim,
            Finished = DateTimeOffset.UtcNow,
            TotalSeconds = clock.Elapsed.TotalSeconds,
            Engines = EngineProbe.Summarize(_ml.GpuDeviceId, ComputingThreads.Of(experiment.Training.Threads)),
            Command = command,
            Seed = experiment.Seed,
            Dataset = new DataSetSummary(data.Name, data.TrainCount, data.ValidationCount, data.TestCount, data.Sha256),
            Draws = experiment.Draws,
            Bounds = [.. trained.Select(autoencoder => autoencoder.Row)],
        };
        MetricsLog.Merge(folder, s_posteriors.Select(NameOf));
        AtomicFile.WriteText(folder.ReportPath, BoundsReport.Render(summary, [.. trained.Select(autoencoder => autoencoder.Epochs)]));
        AtomicFile.WriteText(folder.SummaryPath, summary.ToJson() + "\n");
        folder.PointLatestHere();
        return summary;
    }

    (BoundsRow Row, IReadOnlyList<InformationVaeMetrics> Epochs) Train(
        VaePosterior posterior,
        ImageDataSet data,
        CancellationToken cancellation
    )
    {
        var run = NameOf(posterior);
        observer.Note($"training {run}");
        using var model = _ml.Vision.InformationVae(Options(posterior, data, cancellation)).Fit(data.Train);
        if (model.Training.Interrupted)
            throw new OperationCanceledException(cancellation);
        AtomicFile.Write(
            Path.Combine(folder.TrainingPath(run), WeightsFileName),
            stream =>
                Safetensors.Write(
                    stream,
                    [.. model.Network.state_dict()],
                    new Dictionary<string, string>
                    {
                        ["architecture"] = "information-vae",
                        ["configuration"] = JsonSerializer.Serialize(model.Network.Configuration),
                    }
                )
        );

        var last = model.Training.Epochs[^1];
        var bound = model.Transform(data.Test).GetColumn<float>("Bound").Average(nats => (double)nats);
        observer.Note(FormattableString.Invariant($"  {run}: test {bound:F2} nats"));
        var row = new BoundsRow(
            $"{posterior}",
            last.Bound,
            last.LogLikelihood,
            last.Divergence,
            last.ValidationBound,
            bound,
            experiment.Draws > 0 ? ImportanceBound(model, data.Test, cancellation) : null,
            last.Epoch,
            model.Network.ParameterCount,
            model.Training.Seconds
        );
        return (row, model.Training.Epochs);
    }

    InformationVaeTrainer.Options Options(VaePosterior posterior, ImageDataSet data, CancellationToken cancellation) =>
        new()
        {
            Network = new()
            {
                ImageSize = data.Height,
                Channels = data.Channels,
                LatentDimension = experiment.Network.LatentDimension,
                HiddenDimension = experiment.Network.HiddenDimension,
                MaxAlpha = experiment.Network.MaxAlpha,
                Posterior = posterior,
            },
            MaxEpoch = experiment.Training.Epochs,
            BatchSize = experiment.Training.BatchSize,
            LearningRate = experiment.Training.LearningRate,
            ThreadCount = experiment.Training.Threads,
            Seed = experiment.Seed,
            ValidationSet = data.ValidationCount > 0 ? data.Validation : null,
            WorkspacePath = folder.TrainingPath(NameOf(posterior)),
            Resume = folder.IsResumed,
            CheckpointEverySteps = experiment.Training.CheckpointSteps,
            CancellationToken = cancellation,
            MetricsCallback = metrics =>
                observer.Note(
                    FormattableString.Invariant(
                        $"  {NameOf(posterior)}  epoch {metrics.Epoch}/{experiment.Training.Epochs}  bound {metrics.Bound:F2}  validation {metrics.ValidationBound:F2} nats"
                    )
                ),
        };

    static string NameOf(VaePosterior posterior) => RecordSchema.Word(posterior);

    double ImportanceBound(InformationVaeTransformer model, IDataView test, CancellationToken cancellation)
    {
        using var gradients = no_grad();
        manual_seed(experiment.Seed);
        var sizes = model.Network.Configuration;
        var (sum, count) = (0.0, 0);
        foreach (var rows in test.GetColumn<float[]>(model.InputColumnName).Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var pixels = tensor(rows.SelectMany(row => row).ToArray(), device: model.Device).reshape(rows.Length, sizes.InputLength);
            sum += model
                .Network.ImportanceWeightedBound(pixels, randn(experiment.Draws, rows.Length, sizes.LatentDimension, device: model.Device))
                .sum()
                .item<float>();
            count += rows.Length;
        }
        return sum / count;
    }
}
