using Microsoft.ML;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Domains;
using NoisyNN.Pipelines.Experiments.Measuring;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>
/// Tries an experiment on the sizes that the data and the network have, so that what cannot end well (an empty split, a singular mixing, a
/// missing axis or block) is refused before the first step and not after the first training.
/// </summary>
static class Feasibility
{
    /// <exception cref="DeclarationException">A split is empty or a noise is impossible; the message names its line.</exception>
    public static void Check(MLContext ml, ExperimentFile file, ImageDataSet data, NetworkConfiguration configuration)
    {
        var experiment = file.Experiment;
        foreach (
            var (split, count) in new[] { ("training", data.TrainCount), ("validation", data.ValidationCount), ("test", data.TestCount) }
        )
            if (count == 0)
                throw file.Refuse(
                    experiment.Data,
                    new InvalidDataException(
                        $"{data.Name} has no {split} rows left. Add images, or change validationFraction or testFraction"
                    )
                );

        var batches = SizesOf(data.TrainCount, [experiment.Training.BatchSize]);
        for (var step = 0; step < experiment.Pipeline.Count; step++)
        {
            var (column, index) = (experiment.Pipeline[step], step);
            Try(
                file,
                column,
                () =>
                {
                    NoiseKernel.Create(column.Noise, [data.Channels, data.Height, data.Width]);
                    ColumnNoise.Create(ml, experiment, index);
                }
            );
        }
        if (experiment.Noise.Input is { } input)
            Try(
                file,
                input,
                () =>
                {
                    NoiseKernel.Create(input.Noise, [data.Channels, data.Height, data.Width]);
                    CheckBatches(input.Noise, batches);
                }
            );
        if (experiment.Measure is { } measure)
            Try(
                file,
                measure,
                () =>
                {
                    using var network = ((ClassifierConfiguration)configuration).Create();
                    LayerEntropies.Layers(measure, network);
                    if (data.ValidationCount < LayerEntropies.FewestRows)
                        throw new InvalidOperationException(
                            $"there are {data.ValidationCount} validation rows to measure, and at least {LayerEntropies.FewestRows} are "
                                + "needed; hold out more, or leave out the section"
                        );
                }
            );
        if (experiment.Domain is { Adaptation: DomainAdaptation.BatchStatistics } domain)
            Try(
                file,
                domain,
                () =>
                {
                    using var network = ((ClassifierConfiguration)configuration).Create();
                    BatchStatistics.Norms(network);
                }
            );
        if (experiment.Noise.Latent is { } latent)
            Try(file, latent, () => CheckLatent(latent.Placement, (ClassifierConfiguration)configuration, batches));
        if (experiment.NoiseAtInference is { } leak)
            Try(
                file,
                experiment.Evaluation.Leak ?? (object)experiment.Noise.Latent!,
                () =>
                    CheckLatent(
                        leak.Placement,
                        (ClassifierConfiguration)configuration,
                        SizesOf(data.TestCount, experiment.Evaluation.Batches)
                    )
            );
    }

    static void CheckLatent(LatentNoisePlacement placement, ClassifierConfiguration configuration, IEnumerable<int> batches)
    {
        using var network = configuration.Create();
        network.SetLatentNoise(placement);
        CheckBatches(placement.Noise, batches);
    }

    /// <summary>A batch of one mixes nothing.</summary>
    static void CheckBatches(NoiseDefinition noise, IEnumerable<int> batches)
    {
        if (noise is LinearTransformNoise { Axis: MixAxis.Batch } mixing)
            foreach (var size in batches.Where(size => size > 1))
                mixing.ThrowIfSingular(size);
    }

    /// <summary>Full batches, and the last one, which is smaller.</summary>
    static IEnumerable<int> SizesOf(long rows, IEnumerable<int> batches) =>
        batches.SelectMany(batch => new[] { (int)Math.Min(batch, rows), (int)(rows % batch) });

    static void Try(ExperimentFile file, object section, Action check)
    {
        try
        {
            check();
        }
        catch (Exception refused) when (refused is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw file.Refuse(section, refused);
        }
    }
}
