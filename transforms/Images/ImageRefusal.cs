namespace NoisyNN.Transforms.Images;

/// <summary>Why an image was refused.</summary>
/// <param name="Kind">The kind of reason.</param>
/// <param name="Reason">The reason as a clause that follows the file's name.</param>
public sealed record ImageRefusal(ImageRefusalKind Kind, string Reason);

/// <summary>The kinds of reasons to refuse an image.</summary>
public enum ImageRefusalKind
{
    /// <summary>It is none of the formats that are asked for.</summary>
    WrongFormat,

    /// <summary>It has more bytes or pixels than the limits allow.</summary>
    TooLarge,

    /// <summary>Its end is missing.</summary>
    Truncated,

    /// <summary>Its content contradicts itself or its format.</summary>
    Damaged,

    /// <summary>It may be whole, but uses a part of its format that is not read here.</summary>
    Unsupported,
}
