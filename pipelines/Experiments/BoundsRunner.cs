using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Architectures;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Data;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>One autoencoder of a comparison. All bounds are means over rows, in nats per row.</summary>
/// <param name="Posterior">Which posterior.</param>
/// <param name="TrainingBound">The evidence lower bound over the last epoch.</param>
/// <param name="LogLikelihood">The part of it that reconstruction makes.</param>
/// <param name="Divergence">The part that the code costs.</param>
/// <param name="ValidationBound">The bound of the validation rows after the last epoch.</param>
/// <param name="TestBound">The bound of the test rows, one draw each.</param>
/// <param name="TestImportanceBound">The importance-weighted bound of the test rows; null if it was left out.</param>
/// <param name="Parameters">Trained values.</param>
/// <param name="TrainSeconds">The training alone.</param>
public sealed record BoundsRow(
    string Posterior, double TrainingBound, double LogLikelihood, double Divergence, double? ValidationBound, double TestBound, double? TestImportanceBound, long Parameters,
    double TrainSeconds);

/// <summary>Trains both autoencoders of a comparison on the same rows in the same order and bounds the test rows.</summary>
public sealed class BoundsRunner(BoundsExperiment experiment, IRunObserver observer, int? gpuDeviceId = null)
{
    const int BatchSize = 200;

    readonly MLContext _ml = new(experiment.Seed) { GpuDeviceId = gpuDeviceId, FallbackToCpu = false };

    /// <summary>The Gaussian one first.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<BoundsRow> Run(CancellationToken cancellation)
    {
        observer.Note($"reading {experiment.Data.Manifest ?? experiment.Data.Directory}");
        var data = ImageData.Load(_ml, experiment.Data, experiment.Seed, cancellation);
        if (data.Height != data.Width)
            throw new InvalidDataException($"{data.Name} has images of {data.Height} x {data.Width} pixels; an autoencoder takes square ones.");
        observer.Note($"{data.Name}: {data.TrainCount:N0} rows to train on, {data.ValidationCount:N0} to validate, {data.TestCount:N0} to judge");
        return [Train(VaePosterior.Gaussian, data, cancellation), Train(VaePosterior.InformationDropout, data, cancellation)];
    }

    BoundsRow Train(VaePosterior posterior, ImageDataSet data, CancellationToken cancellation)
    {
        observer.Note($"training {posterior}");
        var clock = Stopwatch.StartNew();
        using var model = _ml.Vision.InformationVae(new InformationVaeTrainer.Options
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
            ThreadCount = TorchThreads.CountOf(experiment.Training.Threads),
            Seed = experiment.Seed,
            ValidationSet = data.ValidationCount > 0 ? data.Validation : null,
            CancellationToken = cancellation,
            MetricsCallback = metrics => observer.Note(FormattableString.Invariant(
                $"  epoch {metrics.Epoch} of {experiment.Training.Epochs}: bound {metrics.Bound:F2}, validation {metrics.ValidationBound:F2} nats")),
        }).Fit(data.Train);
        var seconds = clock.Elapsed.TotalSeconds;
        cancellation.ThrowIfCancellationRequested();

        var last = model.Epochs[^1];
        var bound = model.Transform(data.Test).GetColumn<float>("Bound").Average(nats => (double)nats);
        return new BoundsRow($"{posterior}", last.Bound, last.LogLikelihood, last.Divergence, last.ValidationBound, bound,
            experiment.Draws > 0 ? ImportanceBound(model, data.Test, cancellation) : null, model.Network.ParameterCount, seconds);
    }

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
            sum += model.Network.ImportanceWeightedBound(pixels, randn(experiment.Draws, rows.Length, sizes.LatentDimension, device: model.Device)).sum().item<float>();
            count += rows.Length;
        }
        return sum / count;
    }
}
