using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
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
                $"{data.Name} has images of {data.Height} x {data.Width} pixels; {network.Architecture} takes square ones."
            );

        var configuration = Declared(network) with
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

    static NetworkConfiguration Declared(NetworkSection network) =>
        network.Architecture switch
        {
            Architecture.NoisyVit => new NoisyViTConfiguration
            {
                PatchSize = network.PatchSize!.Value,
                Dimension = network.Dimension!.Value,
                Depth = network.Depth!.Value,
                Heads = network.Heads!.Value,
                MlpDimension = network.MlpDimension!.Value,
                DropoutRate = network.Dropout!.Value,
            },
            Architecture.NoisyResnet => new NoisyResNetConfiguration
            {
                Depth = network.Depth!.Value,
                Width = network.Width!.Value,
                Stem = network.Stem!.Value,
            },
            Architecture.AllCnn => new AllCnnConfiguration
            {
                Widths = network.Widths!,
                FilterPercentage = network.FilterPercentage!.Value,
                InputKeepProbability = network.InputKeepProbability!.Value,
                Dropout = new()
                {
                    Kind = network.DropoutKind!.Value,
                    Prior = network.Prior!.Value,
                    Beta = network.Beta!.Value,
                    MaxAlpha = network.MaxAlpha!.Value,
                    KeepProbability = network.KeepProbability!.Value,
                },
            },
            _ => throw new NotSupportedException($"There is no network '{network.Architecture}'."),
        };
}
