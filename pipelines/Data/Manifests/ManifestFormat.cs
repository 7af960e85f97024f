namespace NoisyNN.Pipelines.Data.Manifests;

/// <summary>The format of a data set's file.</summary>
public enum ManifestFormat
{
    /// <summary>Compressed IDX: images or labels.</summary>
    Idx,

    /// <summary>The binary archive of CIFAR-10: images with labels.</summary>
    CifarArchive,

    /// <summary>A package of emoji-data: images with labels.</summary>
    EmojiArchive,

    /// <summary>A PNG file whose cells are images, class after class.</summary>
    CellSheet,
}

/// <summary>
/// How a manifest writes the formats: as a media type and, for all but the last, the address of the format's description.
/// </summary>
static class ManifestFormats
{
    static readonly (ManifestFormat Format, string[] Encoding)[] s_formats =
    [
        (ManifestFormat.Idx, ["application/gzip", "http://yann.lecun.com/exdb/mnist/"]),
        (ManifestFormat.CifarArchive, ["application/gzip", "https://www.cs.toronto.edu/~kriz/cifar.html"]),
        (ManifestFormat.EmojiArchive, ["application/gzip", "https://github.com/iamcal/emoji-data"]),
        (ManifestFormat.CellSheet, ["image/png"]),
    ];

    /// <exception cref="InvalidDataException">The format is none that is read.</exception>
    public static ManifestFormat Read(JsonLocation encoding)
    {
        foreach (var (format, words) in s_formats)
            if (words.All(encoding.HasText))
                return format;
        var known = s_formats.Select(format => $"[ {string.Join(", ", format.Encoding.Select(word => $"\"{word}\""))} ]");
        throw encoding.Error($"must be one of {string.Join(", ", known)}");
    }
}
