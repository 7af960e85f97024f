using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Pipelines.Data;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>The network that an experiment declares, in the size that its images ask for.</summary>
static class NetworkSizes
{
    /// <exception cref="DeclarationException">The sizes do not fit together or to the images; the message names the line.</exception>
    public static NetworkConfiguration Configure(ExperimentFile file, ImageDataSet data)
    {
        var network = file.Experiment.Network;
        if (data.Height != data.Width)
            throw new InvalidDataException(
                $"{data.Name} has images of {data.Height} x {data.Width} pixels; {network.Configuration.Architecture} takes square ones."
            );

        NetworkConfiguration configuration = network.Configuration switch
        {
            InformationVaeConfiguration autoencoder => autoencoder with { ImageSize = data.Height, Channels = data.Channels },
            ImageNetworkConfiguration classifier => classifier with
            {
                ImageSize = data.Height,
                Channels = data.Channels,
                ClassCount = data.Labels.Count,
                Mean = data.Mean,
                // A channel that is the same everywhere has no spread to divide by; one grey level stands for it.
                StandardDeviation = [.. data.StandardDeviation.Select(deviation => Math.Max(deviation, 1 / 255.0))],
            },
            var other => throw new NotSupportedException($"An experiment cannot train a network of the architecture {other.Architecture}."),
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
