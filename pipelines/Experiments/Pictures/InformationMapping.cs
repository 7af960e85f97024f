using NoisyNN.Models.Networks;
using NoisyNN.Models.Training;
using NoisyNN.Pipelines.Reports;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments.Pictures;

/// <summary>Looks where in a few test images a network with Information Dropout takes its information from.</summary>
static class InformationMapping
{
    /// <summary>The maps of some test images; null for a network whose noise does not depend on its input.</summary>
    /// <param name="name">The network's name in the run.</param>
    /// <param name="classifier">The network.</param>
    /// <param name="device">Where it is.</param>
    /// <param name="training">How it was trained.</param>
    /// <param name="samples">The images.</param>
    public static InformationGallery? Map(string name, Classifier classifier, Device device, TrainingResult training, SampleImages samples)
    {
        if (classifier is not IInformationMaps { NoiseDependsOnInput: true } network)
            return null;

        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var pixels = ImageTensor.Of(samples.Values, samples.Shape, device);
        var penalties = training.Epochs.FirstOrDefault(epoch => epoch.Epoch == training.BestEpoch)?.Penalties;
        return new InformationGallery(
            name,
            [
                .. network
                    .InformationMaps(pixels)
                    .Select(map => new InformationLayer(
                        map.Layer,
                        ImageMaps.Of(map.Nats),
                        penalties?.TryGetValue(map.Layer, out var nats) == true ? nats : null
                    )),
            ]
        );
    }
}
