using Microsoft.ML;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>The noise steps of an experiment's <c>pipeline:</c> as estimators on the pixel column.</summary>
static class ColumnNoise
{
    /// <summary>One step. Each has a seed of its own: two of them on one column must not draw the same values.</summary>
    /// <exception cref="InvalidOperationException">It mixes the batch and is singular at a size that a batch may have.</exception>
    public static NoiseEstimator Create(MLContext ml, Experiment experiment, int step)
    {
        var noise = experiment.Pipeline[step];
        return ml.Noise.Add("Pixels", noise.Noise, scope: noise.Scope, seed: unchecked(experiment.Seed + step));
    }
}
