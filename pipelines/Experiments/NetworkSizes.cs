using NoisyNN.Models.Architectures;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Declarations;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>The network that an experiment declares, in the size that its images ask for.</summary>
static class NetworkSizes
{
    /// <exception cref="DeclarationException">The sizes do not fit together or to the images; the message names the line.</exception>
    public static NoisyViTConfiguration Configure(ExperimentFile file, ImageDataSet data)
    {
        var network = file.Experiment.Network;
        if (data.Height != data.Width)
            throw new InvalidDataException($"{data.Name} has images of {data.Height} x {data.Width} pixels; {network.Architecture} takes square ones.");

        var configuration = new NoisyViTConfiguration
        {
            ImageSize = data.Height,
            Channels = data.Channels,
            ClassCount = data.Labels.Count,
            PatchSize = network.PatchSize,
            Dimension = network.Dimension,
            Depth = network.Depth,
            Heads = network.Heads,
            MlpDimension = network.MlpDimension ?? 2 * network.Dimension,
            DropoutRate = network.Dropout,
            Mean = data.Mean,
            // A channel that is the same everywhere has no spread to divide by; one grey level stands for it.
            StandardDeviation = [.. data.StandardDeviation.Select(deviation => Math.Max(deviation, 1 / 255.0))],
        };
        try
        {
            configuration.Validate();
            return configuration;
        }
        catch (ArgumentException refused)
        {
            throw file.Refuse(network, refused);
        }
    }
}
