using Microsoft.ML.Runtime;

namespace NoisyNN.Models.Training;

/// <summary>How the loop stops and goes on.</summary>
sealed partial class TrainingLoop
{
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
            [.. _optimization.Tensors(), .. _best.Tensors(), .. _average?.Tensors() ?? []]);
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
        _average?.Load(checkpoint.Tensors);
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
