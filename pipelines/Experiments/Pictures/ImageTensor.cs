using NoisyNN.Transforms.Images;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments.Pictures;

/// <summary>Images for a network.</summary>
static class ImageTensor
{
    /// <summary>[N, C, H, W].</summary>
    /// <param name="images">Their raw pixels, planar.</param>
    /// <param name="shape">Their size.</param>
    /// <param name="device">Where the network is.</param>
    public static Tensor Of(IReadOnlyList<float[]> images, ImageShape shape, Device device) =>
        tensor(images.SelectMany(image => image).ToArray(), device: device)
            .reshape(images.Count, shape.Channels, shape.Height, shape.Width);
}
