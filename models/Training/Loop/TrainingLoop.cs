using System.Diagnostics;
using Microsoft.ML.Runtime;
using NoisyNN.Models.Distributed;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Randomness;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training.Batches;
using NoisyNN.Models.Training.Checkpoints;
using NoisyNN.Models.Training.Optimization;
using NoisyNN.Models.Training.Process;
using NoisyNN.Models.Training.Reports;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Loop;

/// <summary>
/// Trains a network for a task: AdamW, warm-up and cosine, clipped gradients, an average of the weights; after each epoch it validates,
/// keeps
/// the best weights and writes a checkpoint. Order, noise and rate are functions of (seed, epoch, step), so a resumed training repeats an
/// uninterrupted one bit by bit.
/// </summary>
sealed partial class TrainingLoop : IDisposable
{
    readonly TrainingTask _task;
    readonly Device _device;
    readonly TrainingOptions _options;
    readonly BatchQueue _batches;
    readonly Workspace? _workspace;
    readonly IChannel _channel;
    readonly ProgressReports _reports;
    readonly int _seed;
    readonly LearningRateSchedule _schedule;
    readonly NetworkOptimizer _optimization;
    readonly TrainingRanks _ranks;
    readonly MovingAverage? _average;
    readonly BestWeights _best;
    readonly string _dataHash;
    readonly bool _isResumed;
    readonly Stopwatch _elapsed = new();
    readonly List<TrainingMetrics> _epochs = [];

    LinearProduct? _linearProduct;
    double _elapsedBefore;
    long? _resumedFrom;
    int _epoch;
    int _stepInEpoch;
    EpochTotals _totals = EpochTotals.Zero;
    EpochTotals _reported = EpochTotals.Zero;
    IReadOnlyList<LayerMeasurement> _measuredBefore = [];
    double _measuringSeconds;
    double _stepSeconds;

    /// <param name="task">What the network learns; it stays the caller's.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="options">With a seed.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="validation">The rows that the task validates on; null for none.</param>
    /// <param name="workspace">Receives checkpoints and reports; null for none.</param>
    /// <param name="channel">Hears of the progress.</param>
    /// <exception cref="ArgumentException">The options ask for validation rows, and there are none.</exception>
    public TrainingLoop(
        TrainingTask task,
        Device device,
        TrainingOptions options,
        RowStore training,
        RowStore? validation,
        Workspace? workspace,
        IChannel channel
    )
    {
        if (validation is null && options.Patience > 0)
            throw new ArgumentException(
                $"{nameof(options.Patience)} is {options.Patience}, but there is no {nameof(options.ValidationSet)} to "
                    + "see an improvement on; give one, or set it to 0."
            );
        if (validation is null)
            channel.Warning(MessageSensitivity.None, "There is no ValidationSet, so the last epoch's weights are kept, not the best ones.");
        (_task, _device, _options, _workspace, _channel) = (task, device, options, workspace, channel);
        _seed = options.Seed!.Value;
        _reports = new ProgressReports(options, workspace, channel);
        _batches = new BatchQueue(training, task.RowShape, options, task.InputNoise, task.AugmentsRows ? null : options.Augmentation);
        _schedule = new LearningRateSchedule(
            options.LearningRate,
            options.FinalLearningRateRatio,
            (long)Math.Round(options.WarmupEpochs * _batches.BatchesPerEpoch),
            (long)options.MaxEpoch * _batches.BatchesPerEpoch
        );
        Initialization.Scale(task.Network, options.InitialScale);
        _ranks = new TrainingRanks(options.ProcessGroup ?? ProcessGroup.Alone, task.Network, options.CancellationToken);
        _dataHash = workspace is null && !_ranks.AreSeveral ? "" : $"{training.ComputeHash()} {validation?.ComputeHash()}";
        _ranks.Start(_dataHash);
        _isResumed = _ranks.AreResumed(options.Resume);
        _optimization = new NetworkOptimizer(task.Network, options);
        _average = options.MovingAverageDecay > 0 ? new MovingAverage(task.Network, options.MovingAverageDecay) : null;
        _best = new BestWeights(task.Network);
    }

    long Step => (long)_epoch * _batches.BatchesPerEpoch + _stepInEpoch;

    /// <summary>
    /// Whether validation has not improved for as many epochs as the options have patience for. It follows from what a checkpoint holds.
    /// </summary>
    bool HasLostPatience => _options.Patience > 0 && _epoch - _best.Epoch >= _options.Patience;

    double ElapsedSeconds => _elapsedBefore + _elapsed.Elapsed.TotalSeconds;

    public TrainingResult Run()
    {
        if (_isResumed)
            Resume();
        else if (_ranks.AreCancelled)
            throw new OperationCanceledException(_options.CancellationToken);

        ChooseLinearProduct();
        _reports.Start(Step);
        _elapsed.Start();
        if (Step == 0)
            _measuredBefore = MeasureLayers(epoch: 0);
        var interrupted = false;
        while (_epoch < _options.MaxEpoch && !HasLostPatience && !interrupted)
        {
            interrupted = !TrainEpoch();
            if (!interrupted)
                EndEpoch();
        }
        if (interrupted)
            _channel.Warning(
                MessageSensitivity.None,
                "The training was cancelled after step {0} of {1}; the model has the weights of {2}.",
                Step,
                _schedule.StepCount,
                _best.Epoch > 0 ? $"epoch {_best.Epoch}" : "that step"
            );
        else if (HasLostPatience && _epoch < _options.MaxEpoch)
            _channel.Info(
                MessageSensitivity.None,
                "Validation has not improved for {0} epochs (Patience); the training ends after epoch {1} of {2}.",
                _options.Patience,
                _epoch,
                _options.MaxEpoch
            );

        _best.Restore();
        if (_best.Epoch == 0)
            _task.PrepareForEvaluation();
        _task.Network.eval();
        _task.SetPrecision(Precision.Float32);
        var images = _epochs.Count * (double)_batches.RowCount;
        return new TrainingResult
        {
            BestEpoch = _best.Epoch,
            ValidationAccuracy = _best.Epoch == 0 ? null : _epochs[_best.Epoch - 1].ValidationAccuracy,
            Interrupted = interrupted,
            StoppedEarly = !interrupted && _epoch < _options.MaxEpoch,
            Steps = Step,
            Seconds = ElapsedSeconds,
            ImagesPerSecond =
                _epochs.Count == 0 ? Speed(_totals) : images / _epochs.Sum(epoch => _batches.RowCount / epoch.ImagesPerSecond),
            Epochs = _epochs,
            ResumedFromStep = _resumedFrom,
            Device = _device.ToString(),
            LinearProduct = _linearProduct,
            Ranks = _ranks.Count,
            ExchangeShare = _ranks.AreSeveral ? _ranks.ExchangeSeconds / Math.Max(_stepSeconds, 1e-9) : null,
        };
    }

    public void Dispose()
    {
        _batches.Dispose();
        _reports.Dispose();
        _optimization.Dispose();
        _ranks.Dispose();
        _average?.Dispose();
        _best.Dispose();
    }

    /// <summary>A resumed training keeps the way that it began with: the other one has other last bits.</summary>
    void ChooseLinearProduct()
    {
        if (_task.HasLinearProducts)
            _task.SetLinearProduct(_linearProduct ??= _options.LinearProduct ?? _ranks.Choose(() => FastestProduct.On(_device)));
    }

    /// <summary>The rest of the epoch in progress. False when it was cut off; the checkpoint is written then.</summary>
    bool TrainEpoch()
    {
        _task.Network.train();
        _task.SetPrecision(_options.Precision);
        _reported = _totals;
        var waited = _batches.Waited;
        foreach (var batch in _batches.Shuffled(_epoch, _stepInEpoch))
        {
            if (_ranks.AreCancelled)
            {
                WriteCheckpoint();
                return false;
            }

            TrainStep(batch, (_batches.Waited - waited).TotalSeconds);
            waited = _batches.Waited;
            var isLast = _stepInEpoch == _batches.BatchesPerEpoch;
            if (!isLast && _options.LogEverySteps > 0 && _stepInEpoch % _options.LogEverySteps == 0)
                ReportProgress();
            if (!isLast && _options.CheckpointEverySteps > 0 && Step % _options.CheckpointEverySteps == 0)
                WriteCheckpoint();
        }
        return true;
    }

    void TrainStep(Batch batch, double waitingSeconds)
    {
        using var scope = NewDisposeScope();
        var start = Stopwatch.GetTimestamp();
        var rate = _schedule.At(Step);
        _task.BeginStep(Step);

        var (loss, figures) = _task.Compute(batch, BeginPart, _ranks.BlockLeft);
        (loss, figures) = _ranks.Sum(batch, loss, figures);
        if (!double.IsFinite(loss))
            throw Diverged("loss", rate);
        if (!_optimization.Step(rate))
            throw Diverged("gradient", rate);

        _stepInEpoch++;
        _average?.Update(Step);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _stepSeconds += seconds;
        _totals += new EpochTotals(loss * batch.StepCount, batch.StepCount, seconds, waitingSeconds) { Figures = figures };
    }

    /// <summary>
    /// Seeding each part of a step makes its noise a function of (seed, step, part), on the CPU and on a GPU alike, whichever rank computes
    /// it.
    /// </summary>
    void BeginPart(int part) => manual_seed(RandomStream.OfPart(_seed, Step, part));

    void EndEpoch()
    {
        // Before the validation, whose loss would be no number either.
        ThrowIfDiverged();
        _ranks.ThrowIfApart(_epoch + 1);
        var metrics = Judge();
        _epochs.Add(metrics);
        _reports.EpochEnd(
            metrics,
            keep: () =>
            {
                _epoch++;
                _stepInEpoch = 0;
                _totals = EpochTotals.Zero;
                WriteCheckpoint();
            }
        );
    }

    /// <summary>
    /// The epoch's report; keeps its weights if they are the best. Where there is an average of the weights, that is what is judged and
    /// kept.
    /// </summary>
    TrainingMetrics Judge()
    {
        // In the precision in which it will be used.
        _task.SetPrecision(Precision.Float32);
        using var averaged = _average?.InNetwork();
        _task.PrepareForEvaluation();
        var validation = _ranks.Validate(_task.Validate);
        var metrics = Metrics(_totals, isEpochEnd: true) with
        {
            ValidationAccuracy = validation?.Accuracy,
            ValidationLoss = validation?.Loss,
        };
        _best.Consider(metrics);
        return Measured(metrics);
    }

    /// <summary>Adds what is measured of the network's layers, which decides nothing.</summary>
    TrainingMetrics Measured(TrainingMetrics metrics)
    {
        IReadOnlyList<LayerMeasurement> measured = [.. _measuredBefore, .. MeasureLayers(metrics.Epoch)];
        var seconds = _measuringSeconds;
        (_measuredBefore, _measuringSeconds) = ([], 0);
        return measured.Count == 0 ? metrics : metrics with { Measured = measured, MeasuringSeconds = seconds };
    }

    IReadOnlyList<LayerMeasurement> MeasureLayers(int epoch)
    {
        if (!_ranks.IsFirst)
            return [];
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var start = Stopwatch.GetTimestamp();
        _task.Network.eval();
        _task.SetPrecision(Precision.Float32);
        var measured = _task.Measure(epoch);
        _measuringSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        return measured;
    }

    void ReportProgress()
    {
        var metrics = Metrics(_totals - _reported, isEpochEnd: false);
        _reported = _totals;
        _reports.WithinEpoch(metrics);
    }

    TrainingMetrics Metrics(EpochTotals totals, bool isEpochEnd) =>
        _task.Describe(
            new()
            {
                Epoch = _epoch + 1,
                EpochCount = _options.MaxEpoch,
                Step = Step,
                StepCount = _schedule.StepCount,
                EpochCompleted = isEpochEnd,
                Loss = totals.Loss / totals.Images,
                LearningRate = _schedule.At(Step - 1),
                ImagesPerSecond = Speed(totals),
                WaitingShare = totals.WaitingSeconds / Math.Max(totals.TrainingSeconds + totals.WaitingSeconds, 1e-9),
                ElapsedSeconds = ElapsedSeconds,
                RemainingSeconds = ElapsedSeconds / Step * (_schedule.StepCount - Step),
            },
            totals
        );

    static double Speed(EpochTotals totals) => totals.Images / Math.Max(totals.TrainingSeconds + totals.WaitingSeconds, 1e-9);

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
            "Lower LearningRate, lengthen WarmupEpochs or set ClipNorm",
            _workspace?.LastCheckpoint
        );
}
