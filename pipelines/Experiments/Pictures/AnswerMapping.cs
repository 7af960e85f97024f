using NoisyNN.Models.Explanation;
using NoisyNN.Models.Networks;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.Images;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments.Pictures;

/// <summary>Asks a network which places of some images its answers come from.</summary>
static class AnswerMapping
{
    /// <summary>A map of each image for the class that the network gives it; null for a network that cannot tell.</summary>
    /// <param name="classifier">The network.</param>
    /// <param name="device">Where it is.</param>
    /// <param name="shape">The size of the images.</param>
    /// <param name="images">Their raw pixels, planar.</param>
    public static AnswerGallery? Map(Classifier classifier, Device device, ImageShape shape, IReadOnlyList<float[]> images)
    {
        if (classifier is not IAnswerMaps network)
            return null;
        using var scope = NewDisposeScope();
        var pixels = ImageTensor.Of(images, shape, device);
        using var logits = Answers(classifier, pixels);
        return new AnswerGallery(network.AnswerMapMethod, ImageMaps.Of(network.AnswerMaps(pixels, logits.argmax(1))));
    }

    static Tensor Answers(Classifier classifier, Tensor pixels)
    {
        using var gradients = no_grad();
        classifier.eval();
        return classifier.call(pixels);
    }
}
