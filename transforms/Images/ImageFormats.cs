namespace NoisyNN.Transforms.Images;

/// <summary>Formats of encoded images. A file's content decides its format, not its name.</summary>
[Flags]
public enum ImageFormats
{
    /// <summary>No format.</summary>
    None = 0,

    /// <summary>Portable Network Graphics, ISO/IEC 15948.</summary>
    Png = 1,

    /// <summary>JPEG with Huffman codes and 8 bits a sample, baseline or progressive, ITU-T T.81.</summary>
    Jpeg = 2,

    /// <summary>WebP, RFC 9649.</summary>
    WebP = 4,

    /// <summary>Windows bitmaps.</summary>
    Bmp = 8,

    /// <summary>GIF, versions 87a and 89a. An animation gives its first frame.</summary>
    Gif = 16,

    /// <summary>All of them.</summary>
    All = Png | Jpeg | WebP | Bmp | Gif,
}
