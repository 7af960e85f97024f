using NoisyNN.Transforms.Images.Formats;

namespace NoisyNN.Transforms.Images.Decoding;

/// <summary>Finds the format by content, and makes the checks that Skia does not.</summary>
static class ImageContainer
{
    public static ImageFormats FormatOf(ReadOnlySpan<byte> file) =>
        PngFile.IsPng(file) ? ImageFormats.Png
        : JpegWalk.IsJpeg(file) ? ImageFormats.Jpeg
        : WebPFile.IsWebP(file) ? ImageFormats.WebP
        : GifWalk.IsGif(file) ? ImageFormats.Gif
        : file.StartsWith("BM"u8) ? ImageFormats.Bmp
        : ImageFormats.None;

    /// <summary>Makes the quick checks: lengths and checksums outside the image data.</summary>
    public static ImageRefusal? CheckOutline(ReadOnlySpan<byte> file, ImageFormats format, out int orientation, ref ImageNotes notes)
    {
        orientation = 1;
        return format switch
        {
            ImageFormats.Png => PngFile.Read(file, out orientation, ref notes),
            ImageFormats.WebP => WebPFile.Read(file),
            _ => null,
        };
    }

    /// <summary>Checks whether the image data are complete, for formats where Skia would fill missing data.</summary>
    public static ImageRefusal? CheckData(
        ReadOnlySpan<byte> file,
        ImageFormats format,
        long mostPixels,
        DecoderBuffers buffers,
        ref ImageNotes notes
    ) =>
        format switch
        {
            ImageFormats.Jpeg => buffers.Jpeg.Read(file, mostPixels, ref notes),
            ImageFormats.Gif => buffers.Gif.Read(file, ref notes),
            _ => null,
        };

    public static string NameOf(ImageFormats format) =>
        format switch
        {
            ImageFormats.Png => "PNG",
            ImageFormats.Jpeg => "JPEG",
            ImageFormats.Gif => "GIF",
            ImageFormats.Bmp => "BMP",
            _ => format.ToString(),
        };

    public static string NamesOf(ImageFormats formats)
    {
        string[] names =
        [
            .. Enum.GetValues<ImageFormats>()
                .Where(format => format is not (ImageFormats.None or ImageFormats.All) && formats.HasFlag(format))
                .Select(NameOf),
        ];
        return names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }
}
