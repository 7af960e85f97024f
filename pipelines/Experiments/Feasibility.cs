using NoisyNN.Models.Architectures;
using NoisyNN.Models.Layers;
using NoisyNN.Pipelines.Data;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>
/// Tries every noise of an experiment on the sizes that the data and the network have, so that an impossible one (a singular mixing, a missing axis or
/// block) is refused before the first step and not after the first training.
/// </summary>
static class Feasibility
{
    /// <exception cref="ExperimentFileException">A noise is impossible; the message names its line.</exception>
    public static void Check(ExperimentFile file, ImageDataSet data, NoisyViTConfiguration configuration)
    {
        var experiment = file.Experiment;
        var batches = SizesOf(data.TrainCount, [experiment.Training.BatchSize]);
        foreach (var column in experiment.Pipeline)
            Try(file, column, () => NoiseKernel.Create(column.Noise, [data.Channels, data.Height, data.Width]));
        if (experiment.Noise.Input is { } input)
            Try(file, input, () =>
            {
                NoiseKernel.Create(input.Noise, [data.Channels, data.Height, data.Width]);
                CheckBatches(input.Noise, batches);
            });
        if (experiment.Noise.Latent is { } latent)
            Try(file, latent, () => CheckLatent(latent.Placement, configuration, batches));
        if (experiment.Evaluation.Leak is { } leak)
            Try(file, leak, () => CheckLatent(leak.Placement, configuration, SizesOf(data.TestCount, experiment.Evaluation.Batches)));
    }

    static void CheckLatent(LatentNoisePlacement placement, NoisyViTConfiguration configuration, IEnumerable<int> batches)
    {
        using var network = new NoisyViT(configuration);
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
