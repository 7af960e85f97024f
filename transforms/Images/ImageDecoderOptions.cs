namespace NoisyNN.Transforms.Images;

/// <summary>How images become pixels.</summary>
public sealed record ImageDecoderOptions
{
    /// <summary>What an image may cost.</summary>
    public ImageLimits Limits { get; init; } = new();

    /// <summary>The formats that are read; others are refused.</summary>
    public ImageFormats Formats { get; init; } = ImageFormats.All;

    /// <summary>What shows where an image is transparent.</summary>
    public (byte Red, byte Green, byte Blue) Background { get; init; } = (255, 255, 255);

    /// <summary>The order of the pixels' values.</summary>
    public PixelLayout Layout { get; init; } = PixelLayout.Planar;

    /// <summary>
    /// Decodes JPEG files at an eighth to seven eighths of their size, the smallest of which height and width are at least
    /// <see cref="ScaledOversampling"/> times those that are wanted. It is faster, and the pixels differ a little: docs/images.md has
    /// figures.
    /// </summary>
    public bool ScaledDecoding { get; init; }

    /// <summary>
    /// How many decoded pixels there are at least for one that is wanted, in height and in width, when <see cref="ScaledDecoding"/> is on.
    /// </summary>
    public double ScaledOversampling { get; init; } = 4;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Limits);
        if ((Formats & ImageFormats.All) == ImageFormats.None || (Formats & ~ImageFormats.All) != ImageFormats.None)
            throw new ArgumentOutOfRangeException(
                nameof(Formats),
                Formats,
                "Name at least one of the formats Png, Jpeg, WebP, Bmp and Gif."
            );
        if (!Enum.IsDefined(Layout))
            throw new ArgumentOutOfRangeException(nameof(Layout), Layout, "The layout is Planar or Interleaved.");
        if (!(ScaledOversampling >= 1))
            throw new ArgumentOutOfRangeException(
                nameof(ScaledOversampling),
                ScaledOversampling,
                "The oversampling must be at least 1; 4 is the default."
            );
    }
}

/// <summary>The order of the values of an image.</summary>
public enum PixelLayout
{
    /// <summary>One channel after the other, <c>[channels, height, width]</c>.</summary>
    Planar,

    /// <summary>One pixel after the other, <c>[height, width, channels]</c>.</summary>
    Interleaved,
}
