namespace NoisyNN.Transforms.Images;

/// <summary>What an image file may cost at most; checked before memory is taken for it.</summary>
public sealed record ImageLimits
{
    /// <summary>The most bytes of an encoded file.</summary>
    public long FileLength { get; init; } = 64 << 20;

    /// <summary>The most pixels of a decoded image; four bytes each are needed to decode it.</summary>
    public long PixelCount { get; init; } = 50_000_000;
}
