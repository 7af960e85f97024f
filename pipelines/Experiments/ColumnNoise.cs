using Microsoft.ML;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Transforms.Noise;
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

    /// <summary>Every noise of the experiment that acts on pixels, each by itself and on every view, so that it can be looked at.</summary>
    public static IEnumerable<(string Name, NoiseEstimator Noise)> ToShow(MLContext ml, Experiment experiment)
    {
        IEnumerable<NoiseDefinition> noises = experiment.Pipeline.Select(step => step.Noise);
        if (experiment.Noise.Input is { } input)
            noises = noises.Append(input.Noise);
        return noises.Select(noise =>
            (NoiseWords.Describe(noise), ml.Noise.Add("Pixels", noise, scope: NoiseScope.Always, seed: experiment.Seed))
        );
    }
}
