using System.Diagnostics;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training;

/// <summary>Trains an autoencoder on its bound: AdamW without decay, a warm-up of half an epoch and a cosine. Order and codes are functions of (seed, epoch, step).</summary>
sealed class InformationVaeLoop(
    InformationVae network, Device device, InformationVaeTrainer.Options options, int seed, PixelRows training, PixelRows? validation, IChannel channel)
{
    const double FinalRateRatio = 0.1;

    readonly int _batchSize = Math.Min(options.BatchSize, training.Count);
    readonly Stopwatch _elapsed = Stopwatch.StartNew();

    int StepsPerEpoch => (training.Count + _batchSize - 1) / _batchSize;

    public IReadOnlyList<InformationVaeMetrics> Run()
    {
        using var optimizer = optim.AdamW(network.parameters(), lr: options.LearningRate, weight_decay: 0);
        var schedule = new LearningRateSchedule(options.LearningRate, FinalRateRatio, StepsPerEpoch / 2, (long)options.MaxEpoch * StepsPerEpoch);
        var epochs = new List<InformationVaeMetrics>();
        for (var epoch = 0; epoch < options.MaxEpoch; epoch++)
        {
            if (TrainEpoch(epoch, optimizer, schedule) is not { } metrics)
            {
                channel.Warning(MessageSensitivity.None, "The training was cancelled in epoch {0} of {1}; the model has the weights of that step.", epoch + 1, options.MaxEpoch);
                break;
            }
            epochs.Add(metrics);
            channel.Info(MessageSensitivity.None, "Epoch {0} of {1}: bound {2:F2} nats = log-likelihood {3:F2} - divergence {4:F2}{5}.", metrics.Epoch, options.MaxEpoch,
                metrics.Bound, metrics.LogLikelihood, metrics.Divergence,
                metrics.ValidationBound is { } bound ? FormattableString.Invariant($"; validation {bound:F2}") : "");
            options.MetricsCallback?.Invoke(metrics);
        }
        network.eval();
        return epochs;
    }

    /// <summary>Null when it was cut off.</summary>
    InformationVaeMetrics? TrainEpoch(int epoch, TorchSharp.Modules.AdamW optimizer, LearningRateSchedule schedule)
    {
        network.train();
        var order = SampleOrder.Shuffle(training.Count, seed, epoch);
        var (logLikelihood, divergence) = (0.0, 0.0);
        for (var index = 0; index < StepsPerEpoch; index++)
        {
            if (options.CancellationToken.IsCancellationRequested)
                return null;
            var step = (long)epoch * StepsPerEpoch + index;
            var rows = order.AsSpan(index * _batchSize, Math.Min(_batchSize, order.Length - index * _batchSize));
            manual_seed(RandomStream.Derive(seed, RandomStream.Step, step));

            using var scope = NewDisposeScope();
            var (likelihoods, divergences) = Bound(training, rows);
            var loss = divergences.mean() - likelihoods.mean();
            if (!double.IsFinite(loss.item<float>()))
                throw new TrainingDivergedException($"The bound at step {step + 1} is not a finite number. Lower LearningRate.");
            optimizer.zero_grad();
            loss.backward();
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = schedule.At(step);
            optimizer.step();
            logLikelihood += likelihoods.sum().item<float>();
            divergence += divergences.sum().item<float>();
        }
        (logLikelihood, divergence) = (logLikelihood / training.Count, divergence / training.Count);
        return new InformationVaeMetrics(epoch + 1, logLikelihood - divergence, logLikelihood, divergence, ValidationBound(), _elapsed.Elapsed.TotalSeconds);
    }

    double? ValidationBound()
    {
        if (validation is null)
            return null;
        using var gradients = no_grad();
        manual_seed(RandomStream.Derive(seed, RandomStream.Step, -1));
        int[] order = [.. Enumerable.Range(0, validation.Count)];
        var sum = 0.0;
        for (var start = 0; start < order.Length; start += options.BatchSize)
        {
            using var scope = NewDisposeScope();
            var (likelihoods, divergences) = Bound(validation, order.AsSpan(start, Math.Min(options.BatchSize, order.Length - start)));
            sum += (likelihoods - divergences).sum().item<float>();
        }
        return sum / order.Length;
    }

    (Tensor LogLikelihood, Tensor Divergence) Bound(PixelRows source, ReadOnlySpan<int> rows) =>
        network.Bound(source.Gather(rows).to(device), randn(rows.Length, options.Network.LatentDimension, device: device));
}
