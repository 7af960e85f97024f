namespace NoisyNN.Models.Networks;

/// <summary>
/// The statistics of the pixels of ImageNet's training images per RGB channel, in 0..1. Most pretrained networks were trained with them.
/// </summary>
public static class ImageNet
{
    /// <summary>The mean of each channel: red, green, blue.</summary>
    public static IReadOnlyList<double> Mean { get; } = [0.485, 0.456, 0.406];

    /// <summary>The standard deviation of each channel.</summary>
    public static IReadOnlyList<double> StandardDeviation { get; } = [0.229, 0.224, 0.225];
}
