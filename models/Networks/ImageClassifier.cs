using static TorchSharp.torch;

namespace NoisyNN.Models.Networks;

/// <summary>
/// A network from raw pixels, float32 [N, C, H, W] in 0..255, to logits. It normalises the pixels itself, so every host (training, scoring,
/// an exported graph) passes the same numbers.
/// </summary>
public abstract class ImageClassifier : Classifier
{
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    protected ImageClassifier(string name, ImageNetworkConfiguration configuration)
        : base(name, configuration) => Configuration = configuration;

    /// <inheritdoc cref="Classifier.Configuration"/>
    public new ImageNetworkConfiguration Configuration { get; }

    /// <summary>1 for grey, 3 for RGB.</summary>
    public int Channels => Configuration.Channels;

    /// <summary>The height of its images, pixels.</summary>
    public int Height => Configuration.ImageSize;

    /// <summary>The width of its images, pixels.</summary>
    public int Width => Configuration.ImageSize;

    /// <summary>Normalises pixels: (x/255 - mean) / standard deviation.</summary>
    /// <param name="pixels">[N, C, H, W], raw: 0..255.</param>
    protected Tensor Normalize(Tensor pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        var (scale, offset) = Configuration.Normalization();
        return pixels * PerChannel(scale) + PerChannel(offset);

        Tensor PerChannel(float[] values) => tensor(values, device: pixels.device).reshape(1, Channels, 1, 1);
    }
}
