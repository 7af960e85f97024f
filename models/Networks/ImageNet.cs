namespace NoisyNN.Models.Networks;

/// <summary>
/// The pixel statistics of ImageNet's training images per RGB channel, 0..1, that most pretrained networks were trained with.
/// </summary>
public static class ImageNet
{
    /// <summary>One mean a channel: red, green, blue.</summary>
    public static IReadOnlyList<double> Mean { get; } = [0.485, 0.456, 0.406];

    /// <summary>One standard deviation a channel.</summary>
    public static IReadOnlyList<double> StandardDeviation { get; } = [0.229, 0.224, 0.225];
}
