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

    /// <summary>Rows with all noise that the pixels get in training: the steps, and the noise that the trainer draws.</summary>
    public static IDataView Add(MLContext ml, Experiment experiment, IDataView rows)
    {
        foreach (var (_, noise) in Each(ml, experiment))
            rows = noise.Fit(rows).Transform(rows);
        return rows;
    }

    /// <summary>Every noise that the pixels get in training, each by itself and on every view.</summary>
    public static IEnumerable<(string Name, NoiseEstimator Noise)> Each(MLContext ml, Experiment experiment) =>
        experiment
            .Pipeline.Select(step => step.Noise)
            .Concat(experiment.Noise.Input is { } input ? [input.Noise] : [])
            .Select(
                (noise, step) =>
                    (
                        NoiseWords.Describe(noise),
                        ml.Noise.Add("Pixels", noise, scope: NoiseScope.Always, seed: unchecked(experiment.Seed + step))
                    )
            );
}
