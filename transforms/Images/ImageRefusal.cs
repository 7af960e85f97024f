namespace NoisyNN.Transforms.Images;

/// <summary>Why an image was refused.</summary>
/// <param name="Kind">The kind of reason.</param>
/// <param name="Reason">The reason as a clause that follows the file's name.</param>
public sealed record ImageRefusal(ImageRefusalKind Kind, string Reason)
{
    /// <summary>The refusal of an image whose header claims more pixels than a limit; null within it.</summary>
    internal static ImageRefusal? OfSize(int width, int height, long limit) =>
        (long)width * height <= limit
            ? null
            : new(
                ImageRefusalKind.TooLarge,
                $"its header claims {width} x {height} pixels, more than the limit of {limit}; it was not decoded"
            );
}

/// <summary>The kinds of reasons to refuse an image.</summary>
public enum ImageRefusalKind
{
    /// <summary>The file has none of the requested formats.</summary>
    WrongFormat,

    /// <summary>The file has more bytes or pixels than the limits allow.</summary>
    TooLarge,

    /// <summary>The end of the file is missing.</summary>
    Truncated,

    /// <summary>The content contradicts itself or its format.</summary>
    Damaged,

    /// <summary>The file may be complete, but uses a part of its format that is not supported.</summary>
    Unsupported,
}
