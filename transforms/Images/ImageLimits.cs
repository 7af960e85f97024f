namespace NoisyNN.Transforms.Images;

/// <summary>The limits on an image file. They are checked before memory is allocated for it.</summary>
public sealed record ImageLimits
{
    /// <summary>The most bytes of an encoded file.</summary>
    public long FileLength { get; init; } = 64 << 20;

    /// <summary>The most pixels of a decoded image. Decoding needs four bytes for each.</summary>
    public long PixelCount { get; init; } = 50_000_000;
}
