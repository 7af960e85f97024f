using Microsoft.ML.Runtime;
using NoisyNN.Models.Training.Checkpoints;

namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>How the loop stops and goes on.</summary>
sealed partial class InformationVaeLoop
{
    void WriteCheckpoint()
    {
        ThrowIfDiverged();
        if (_workspace is null)
            return;
        _workspace.Write(
            new AutoencoderState
            {
                Step = Step,
                Epoch = _epoch,
                StepInEpoch = _stepInEpoch,
                LogLikelihood = _totals.LogLikelihood,
                Divergence = _totals.Divergence,
                ElapsedSeconds = ElapsedSeconds,
                Epochs = _epochs,
                OptimizerSteps = _optimization.Steps,
                Options = _options.Describe(_seed),
                DataHash = _dataHash,
            },
            [.. _optimization.Tensors()]
        );
    }

    void Resume()
    {
        using var checkpoint = _workspace!.Resume<AutoencoderState>(_options.Describe(_seed), _dataHash, _channel);
        if (checkpoint is null)
            return;

        var state = checkpoint.State;
        _optimization.Load(checkpoint.Tensors, state.OptimizerSteps);
        _epochs.AddRange(state.Epochs);
        (_epoch, _stepInEpoch, _totals, _elapsedBefore, _resumedFrom) = (
            state.Epoch,
            state.StepInEpoch,
            (state.LogLikelihood, state.Divergence),
            state.ElapsedSeconds,
            state.Step
        );
        _channel.Info(
            MessageSensitivity.None,
            "Resumed from '{0}', step {1} of {2}.",
            _workspace.LastCheckpoint!,
            Step,
            _schedule.StepCount
        );
    }
}
