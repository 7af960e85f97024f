using NoisyNN.Models.Networks;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>The network that an experiment declares, in the size that its images ask for.</summary>
static class NetworkSizes
{
    /// <exception cref="DeclarationException">The sizes do not fit together or to the images; the message names the line.</exception>
    public static ImageNetworkConfiguration Configure(ExperimentFile file, ImageDataSet data)
    {
        var network = file.Experiment.Network;
        if (data.Height != data.Width)
            throw new InvalidDataException(
                $"{data.Name} has images of {data.Height} x {data.Width} pixels; {network.Configuration.Architecture} takes square ones."
            );

        var configuration = network.Configuration with
        {
            ImageSize = data.Height,
            Channels = data.Channels,
            ClassCount = data.Labels.Count,
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
