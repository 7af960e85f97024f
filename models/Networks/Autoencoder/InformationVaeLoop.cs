using System.Diagnostics;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Randomness;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Batches;
using NoisyNN.Models.Training.Checkpoints;
using NoisyNN.Models.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>
/// Trains an autoencoder on its bound: AdamW without decay, a warm-up of half an epoch and a cosine. Order and codes are functions of
/// (seed, epoch, step), so a resumed training repeats an uninterrupted one bit by bit.
/// </summary>
sealed partial class InformationVaeLoop : IDisposable
{
    const double FinalRateRatio = 0.1;

    readonly InformationVae _network;
    readonly Device _device;
    readonly InformationVaeTrainer.Options _options;
    readonly int _seed;
    readonly PixelRows _training;
    readonly PixelRows? _validation;
    readonly Workspace? _workspace;
    readonly IChannel _channel;
    readonly int _batchSize;
    readonly NetworkOptimizer _optimization;
    readonly LearningRateSchedule _schedule;
    readonly string _dataHash;
    readonly Stopwatch _elapsed = new();
    readonly List<InformationVaeMetrics> _epochs = [];

    double _elapsedBefore;
    long? _resumedFrom;
    int _epoch;
    int _stepInEpoch;
    (double LogLikelihood, double Divergence) _totals;

    public InformationVaeLoop(
        InformationVae network,
        Device device,
        InformationVaeTrainer.Options options,
        int seed,
        PixelRows training,
        PixelRows? validation,
        Workspace? workspace,
        IChannel channel
    )
    {
        (_network, _device, _options, _seed, _training, _validation, _workspace, _channel) = (
            network,
            device,
            options,
            seed,
            training,
            validation,
            workspace,
            channel
        );
        _batchSize = Math.Min(options.BatchSize, training.Count);
        _optimization = new NetworkOptimizer(network, weightDecay: 0);
        _schedule = new LearningRateSchedule(
            options.LearningRate,
            FinalRateRatio,
            StepsPerEpoch / 2,
            (long)options.MaxEpoch * StepsPerEpoch
        );
        _dataHash = workspace is null ? "" : $"{training.ComputeHash()} {validation?.ComputeHash()}";
    }

    int StepsPerEpoch => (_training.Count + _batchSize - 1) / _batchSize;

    long Step => (long)_epoch * StepsPerEpoch + _stepInEpoch;

    double ElapsedSeconds => _elapsedBefore + _elapsed.Elapsed.TotalSeconds;

    public InformationVaeResult Run()
    {
        if (_options.Resume)
            Resume();
        _elapsed.Start();
        var interrupted = false;
        while (_epoch < _options.MaxEpoch && !interrupted)
        {
            interrupted = !TrainEpoch();
            if (!interrupted)
                EndEpoch();
        }
        if (interrupted)
            _channel.Warning(
                MessageSensitivity.None,
                "The training was cancelled after step {0} of {1}; the model has the weights of that step.",
                Step,
                _schedule.StepCount
            );
        _network.eval();
        return new InformationVaeResult
        {
            Epochs = _epochs,
            Interrupted = interrupted,
            Steps = Step,
            Seconds = ElapsedSeconds,
            ResumedFromStep = _resumedFrom,
        };
    }

    public void Dispose() => _optimization.Dispose();

    /// <summary>The rest of the epoch in progress. False when it was cut off; the checkpoint is written then.</summary>
    bool TrainEpoch()
    {
        _network.train();
        var order = SampleOrder.Shuffle(_training.Count, _seed, _epoch);
        while (_stepInEpoch < StepsPerEpoch)
        {
            if (_options.CancellationToken.IsCancellationRequested)
            {
                WriteCheckpoint();
                return false;
            }
            var start = _stepInEpoch * _batchSize;
            TrainStep(order.AsSpan(start, Math.Min(_batchSize, order.Length - start)));
            if (_options.CheckpointEverySteps > 0 && _stepInEpoch < StepsPerEpoch && Step % _options.CheckpointEverySteps == 0)
                WriteCheckpoint();
        }
        return true;
    }

    void TrainStep(ReadOnlySpan<int> rows)
    {
        using var scope = NewDisposeScope();
        var rate = _schedule.At(Step);
        // Seeding each step makes its codes a function of (seed, step), on the CPU and on a GPU alike.
        manual_seed(RandomStream.Derive(_seed, RandomStream.Step, Step));
        var (likelihoods, divergences) = Bound(_training, rows);
        var loss = divergences.mean() - likelihoods.mean();
        if (!double.IsFinite(loss.item<float>()))
            throw Diverged("bound", rate);
        loss.backward();
        _optimization.Step(rate);
        _stepInEpoch++;
        _totals = (_totals.LogLikelihood + likelihoods.sum().item<float>(), _totals.Divergence + divergences.sum().item<float>());
    }

    void EndEpoch()
    {
        // Before the validation, whose bound would be no number either.
        ThrowIfDiverged();
        var (logLikelihood, divergence) = (_totals.LogLikelihood / _training.Count, _totals.Divergence / _training.Count);
        var metrics = new InformationVaeMetrics(
            _epoch + 1,
            logLikelihood - divergence,
            logLikelihood,
            divergence,
            ValidationBound(),
            ElapsedSeconds
        );
        _epochs.Add(metrics);
        _channel.Info(
            MessageSensitivity.None,
            "Epoch {0} of {1}: bound {2:F2} nats = log-likelihood {3:F2} - divergence {4:F2}{5}.",
            metrics.Epoch,
            _options.MaxEpoch,
            metrics.Bound,
            metrics.LogLikelihood,
            metrics.Divergence,
            metrics.ValidationBound is { } bound ? FormattableString.Invariant($"; validation {bound:F2}") : ""
        );
        _workspace?.Append(metrics);
        (_epoch, _stepInEpoch, _totals) = (_epoch + 1, 0, default);
        // The epoch's outcome is safe before anybody hears of it.
        WriteCheckpoint();
        _options.MetricsCallback?.Invoke(metrics);
    }

    double? ValidationBound()
    {
        if (_validation is null)
            return null;
        using var gradients = no_grad();
        manual_seed(RandomStream.Derive(_seed, RandomStream.Step, -1));
        int[] order = [.. Enumerable.Range(0, _validation.Count)];
        var sum = 0.0;
        for (var start = 0; start < order.Length; start += _options.BatchSize)
        {
            using var scope = NewDisposeScope();
            var (likelihoods, divergences) = Bound(_validation, order.AsSpan(start, Math.Min(_options.BatchSize, order.Length - start)));
            sum += (likelihoods - divergences).sum().item<float>();
        }
        return sum / order.Length;
    }

    (Tensor LogLikelihood, Tensor Divergence) Bound(PixelRows source, ReadOnlySpan<int> rows) =>
        _network.Bound(source.Gather(rows).to(_device), randn(rows.Length, _options.Network.LatentDimension, device: _device));

    /// <exception cref="TrainingDivergedException">A weight is no finite number.</exception>
    void ThrowIfDiverged()
    {
        if (!double.IsFinite(_optimization.LargestWeight().Magnitude))
            throw Diverged("network's weight", _schedule.At(Step - 1));
    }

    TrainingDivergedException Diverged(string what, double rate) =>
        new(
            what,
            Step + 1,
            rate,
            _optimization.NotFinite(),
            _optimization.LargestWeight(),
            "Lower LearningRate",
            _workspace?.LastCheckpoint
        );
}
