using Microsoft.ML.Runtime;
using NoisyNN.Models.Training.Checkpoints;

namespace NoisyNN.Models.Training.Loop;

/// <summary>How the loop stops and goes on.</summary>
sealed partial class TrainingLoop
{
    void WriteCheckpoint()
    {
        ThrowIfDiverged();
        if (_workspace is null)
            return;
        _workspace.Write(
            new CheckpointState
            {
                Task = _task.Name,
                Step = Step,
                Epoch = _epoch,
                StepInEpoch = _stepInEpoch,
                Totals = _totals,
                ElapsedSeconds = ElapsedSeconds,
                Epochs = _epochs,
                MeasuredBefore = _measuredBefore,
                BestEpoch = _best.Epoch,
                LinearProduct = _linearProduct,
                OptimizerSteps = _optimization.Steps,
                Options = _options.Describe(),
                DataHash = _dataHash,
            },
            [.. _optimization.Tensors(), .. _best.Tensors(), .. _average?.Tensors() ?? []]
        );
    }

    void Resume()
    {
        using var checkpoint = _ranks.ReadCheckpoint(() => _workspace!.Resume(_task.Name, _options.Describe(), _dataHash, _channel));
        if (checkpoint is null)
            return;

        var state = checkpoint.State;
        _optimization.Load(checkpoint.Tensors, state.OptimizerSteps);
        _average?.Load(checkpoint.Tensors);
        _epochs.AddRange(state.Epochs);
        _measuredBefore = state.MeasuredBefore;
        _best.Load(checkpoint.Tensors, state.BestEpoch == 0 ? null : _epochs[state.BestEpoch - 1]);
        _linearProduct = state.LinearProduct;
        (_epoch, _stepInEpoch, _totals, _elapsedBefore, _resumedFrom) = (
            state.Epoch,
            state.StepInEpoch,
            state.Totals,
            state.ElapsedSeconds,
            state.Step
        );
        _channel.Info(
            MessageSensitivity.None,
            "Resumed from '{0}', step {1} of {2}.",
            _workspace?.LastCheckpoint ?? "rank 0's checkpoint",
            Step,
            _schedule.StepCount
        );
    }
}
