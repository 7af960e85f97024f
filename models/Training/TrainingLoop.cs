using System.Diagnostics;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training;

/// <summary>
/// Trains a classifier: AdamW, warm-up and cosine, label smoothing, clipped gradients; after each epoch it validates, keeps the best weights and
/// writes a checkpoint. Order, noise and rate are functions of (seed, epoch, step), so a resumed training repeats an uninterrupted one bit by bit.
/// </summary>
sealed class TrainingLoop : IDisposable
{
    readonly ImageClassifier _network;
    readonly Device _device;
    readonly TrainingOptions _options;
    readonly BatchQueue _batches;
    readonly Validator? _validator;
    readonly Workspace? _workspace;
    readonly IChannel _channel;
    readonly int _seed;
    readonly LearningRateSchedule _schedule;
    readonly Companion? _companion;
    readonly Gradients _gradients;
    readonly Optimization _optimization;
    readonly BestWeights _best;
    readonly string _dataHash;
    readonly Stopwatch _elapsed = new();
    readonly List<TrainingMetrics> _epochs = [];

    double _elapsedBefore;
    long? _resumedFrom;
    int _epoch;
    int _stepInEpoch;
    EpochTotals _totals = EpochTotals.Zero;
    EpochTotals _reported = EpochTotals.Zero;

    public TrainingLoop(ImageClassifier network, Device device, TrainingOptions options, LabelledPixels training, LabelledPixels? validation,
        Workspace? workspace, IChannel channel)
    {
        (_network, _device, _options, _workspace, _channel) = (network, device, options, workspace, channel);
        _seed = options.Seed!.Value;
        _batches = new BatchQueue(training, network, options.BatchSize, _seed, options.InputNoise);
        _companion = Companion.Create(device);
        _validator = validation is null ? null : new Validator(network, device, validation, options.BatchSize, _companion);
        _schedule = new LearningRateSchedule(options.LearningRate, options.FinalLearningRateRatio,
            (long)Math.Round(options.WarmupEpochs * _batches.BatchesPerEpoch), (long)options.MaxEpoch * _batches.BatchesPerEpoch);
        _gradients = new Gradients(network, device, options.LabelSmoothing, _companion);
        _optimization = new Optimization(network, options);
        _best = new BestWeights(network);
        _dataHash = workspace is null ? "" : $"{training.ComputeHash()} {validation?.ComputeHash()}";
    }

    long Step => (long)_epoch * _batches.BatchesPerEpoch + _stepInEpoch;

    double ElapsedSeconds => _elapsedBefore + _elapsed.Elapsed.TotalSeconds;

    public TrainingResult Run()
    {
        if (_options.Resume)
            Resume();
        else
            _options.CancellationToken.ThrowIfCancellationRequested();

        _elapsed.Start();
        var interrupted = false;
        while (_epoch < _options.MaxEpoch && !interrupted)
        {
            interrupted = !TrainEpoch();
            if (!interrupted)
                EndEpoch();
        }
        if (interrupted)
            _channel.Warning(MessageSensitivity.None, "The training was cancelled after step {0} of {1}; the model has the weights of {2}.",
                Step, _schedule.StepCount, _best.Epoch > 0 ? $"epoch {_best.Epoch}" : "that step");

        _best.Restore();
        _network.eval();
        var images = _epochs.Count * (double)_batches.RowCount;
        return new TrainingResult
        {
            BestEpoch = _best.Epoch,
            ValidationAccuracy = _best.Epoch == 0 ? null : _epochs[_best.Epoch - 1].ValidationAccuracy,
            Interrupted = interrupted,
            Steps = Step,
            Seconds = ElapsedSeconds,
            ImagesPerSecond = _epochs.Count == 0 ? Speed(_totals) : images / _epochs.Sum(epoch => _batches.RowCount / epoch.ImagesPerSecond),
            Epochs = _epochs,
            ResumedFromStep = _resumedFrom,
            Device = _device.ToString(),
        };
    }

    public void Dispose()
    {
        _batches.Dispose();
        _companion?.Dispose();
        _optimization.Dispose();
        _best.Dispose();
    }

    /// <summary>The rest of the epoch in progress. False when it was cut off; the checkpoint is written then.</summary>
    bool TrainEpoch()
    {
        _network.train();
        _reported = _totals;
        foreach (var batch in _batches.Shuffled(_epoch, _stepInEpoch))
        {
            if (_options.CancellationToken.IsCancellationRequested)
            {
                WriteCheckpoint();
                return false;
            }

            TrainStep(batch);
            var isLast = _stepInEpoch == _batches.BatchesPerEpoch;
            if (!isLast && _options.LogEverySteps > 0 && _stepInEpoch % _options.LogEverySteps == 0)
                ReportProgress();
            if (!isLast && _options.CheckpointEverySteps > 0 && Step % _options.CheckpointEverySteps == 0)
                WriteCheckpoint();
        }
        return true;
    }

    void TrainStep(Batch batch)
    {
        var start = Stopwatch.GetTimestamp();
        var rate = _schedule.At(Step);
        // Seeding each step makes its noise a function of (seed, step), on the CPU and on a GPU alike.
        manual_seed(RandomStream.Derive(_seed, RandomStream.Step, Step));

        var (loss, correct) = _gradients.Compute(batch);
        if (!double.IsFinite(loss))
            throw Diverged("loss", rate);
        if (!_optimization.Step(rate))
            throw Diverged("gradient", rate);

        _stepInEpoch++;
        _totals = new EpochTotals(_totals.Loss + loss * batch.Count, _totals.Correct + correct, _totals.Images + batch.Count,
            _totals.TrainingSeconds + Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    void EndEpoch()
    {
        var validation = _validator?.Run();
        var metrics = Metrics(_totals) with
        {
            EpochCompleted = true,
            TrainingAccuracy = (double)_totals.Correct / _totals.Images,
            ValidationAccuracy = validation?.Accuracy,
            ValidationLoss = validation?.Loss,
        };
        _epochs.Add(metrics);
        _best.Consider(metrics);
        _channel.Info(MessageSensitivity.None, "Epoch {0} of {1}: loss {2:F4}, training accuracy {3:P2}, {4}{5:F0} images/s, {6} left.",
            metrics.Epoch, metrics.EpochCount, metrics.Loss, metrics.TrainingAccuracy.Value,
            validation is { } measured ? FormattableString.Invariant($"validation accuracy {measured.Accuracy:P2}, ") : "",
            metrics.ImagesPerSecond, Duration(metrics.RemainingSeconds));

        _workspace?.Append(metrics);
        _epoch++;
        _stepInEpoch = 0;
        _totals = EpochTotals.Zero;
        WriteCheckpoint();
        _options.MetricsCallback?.Invoke(metrics);
    }

    void ReportProgress()
    {
        var metrics = Metrics(new EpochTotals(_totals.Loss - _reported.Loss, _totals.Correct - _reported.Correct, _totals.Images - _reported.Images,
            _totals.TrainingSeconds - _reported.TrainingSeconds));
        _reported = _totals;
        _channel.Info(MessageSensitivity.None, "Epoch {0} of {1}, step {2} of {3}: loss {4:F4}, rate {5:G3}, {6:F0} images/s, {7} left.",
            metrics.Epoch, metrics.EpochCount, metrics.Step, metrics.StepCount, metrics.Loss, metrics.LearningRate, metrics.ImagesPerSecond,
            Duration(metrics.RemainingSeconds));
        _workspace?.Append(metrics);
        _options.MetricsCallback?.Invoke(metrics);
    }

    TrainingMetrics Metrics(EpochTotals totals) => new()
    {
        Epoch = _epoch + 1,
        EpochCount = _options.MaxEpoch,
        Step = Step,
        StepCount = _schedule.StepCount,
        Loss = totals.Loss / totals.Images,
        LearningRate = _schedule.At(Step - 1),
        ImagesPerSecond = Speed(totals),
        ElapsedSeconds = ElapsedSeconds,
        RemainingSeconds = ElapsedSeconds / Step * (_schedule.StepCount - Step),
    };

    static double Speed(EpochTotals totals) => totals.Images / Math.Max(totals.TrainingSeconds, 1e-9);

    static string Duration(double seconds) => TimeSpan.FromSeconds(Math.Round(seconds)).ToString("c");

    TrainingDivergedException Diverged(string what, double rate)
    {
        var (name, magnitude) = _optimization.LargestWeight();
        return new TrainingDivergedException(what, Step + 1, rate, name, magnitude, _workspace?.LastCheckpoint);
    }

    void WriteCheckpoint()
    {
        if (_workspace is null)
            return;
        if (!double.IsFinite(_optimization.LargestWeight().Magnitude))
            throw Diverged("network's weight", _schedule.At(Step - 1));
        _workspace.Write(
            new CheckpointState
            {
                Step = Step,
                Epoch = _epoch,
                StepInEpoch = _stepInEpoch,
                Totals = _totals,
                ElapsedSeconds = ElapsedSeconds,
                Epochs = _epochs,
                BestEpoch = _best.Epoch,
                OptimizerSteps = _optimization.Steps,
                Options = _options.Describe(),
                DataHash = _dataHash,
                MetricsLength = 0,
            },
            [.. _optimization.Tensors(), .. _best.Tensors()]);
    }

    void Resume()
    {
        using var checkpoint = _workspace!.ReadNewest(message => _channel.Warning(MessageSensitivity.None, "{0}", message));
        if (checkpoint is null)
        {
            _channel.Info(MessageSensitivity.None, "There is no checkpoint to resume from; the training starts at its first step.");
            return;
        }

        var state = checkpoint.State;
        ThrowIfAnotherTraining(state);
        _optimization.Load(checkpoint.Tensors, state.OptimizerSteps);
        _epochs.AddRange(state.Epochs);
        _best.Load(checkpoint.Tensors, state.BestEpoch == 0 ? null : _epochs[state.BestEpoch - 1]);
        (_epoch, _stepInEpoch, _totals, _elapsedBefore, _resumedFrom) = (state.Epoch, state.StepInEpoch, state.Totals, state.ElapsedSeconds, state.Step);
        _channel.Info(MessageSensitivity.None, "Resumed from '{0}', step {1} of {2}.", _workspace.LastCheckpoint!, Step, _schedule.StepCount);
    }

    void ThrowIfAnotherTraining(CheckpointState state)
    {
        foreach (var (name, value) in _options.Describe())
            if (state.Options.GetValueOrDefault(name) is var before && before != value)
                throw new ArgumentException($"The checkpoint '{_workspace!.LastCheckpoint}' was made with {name} = {before ?? "nothing"}, this training has {value}. "
                    + "Resume with the same options, or start in another WorkspacePath.");
        if (state.DataHash != _dataHash)
            throw new ArgumentException($"The checkpoint '{_workspace!.LastCheckpoint}' was made with other rows. Resume with the same training and validation rows in the same order, or start in another WorkspacePath.");
    }
}
