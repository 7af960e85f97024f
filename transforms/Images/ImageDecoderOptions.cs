namespace NoisyNN.Transforms.Images;

/// <summary>How images become pixels.</summary>
public sealed record ImageDecoderOptions
{
    /// <summary>The limits on a file and its pixels.</summary>
    public ImageLimits Limits { get; init; } = new();

    /// <summary>The formats that are read; others are refused.</summary>
    public ImageFormats Formats { get; init; } = ImageFormats.All;

    /// <summary>The colour that shows where an image is transparent.</summary>
    public (byte Red, byte Green, byte Blue) Background { get; init; } = (255, 255, 255);

    /// <summary>The order of the pixels' values.</summary>
    public PixelLayout Layout { get; init; } = PixelLayout.Planar;

    /// <summary>
    /// Decodes JPEG files at an eighth to seven eighths of their size. It takes the smallest size whose height and width are at least
    /// <see cref="ScaledOversampling"/> times the wanted ones. This is faster, and the pixels differ a little: docs/images.md has
    /// figures.
    /// </summary>
    public bool ScaledDecoding { get; init; }

    /// <summary>
    /// The least number of decoded pixels for each wanted pixel, in height and in width, if <see cref="ScaledDecoding"/> is on.
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
