using System.Diagnostics.CodeAnalysis;
using NoisyNN.Transforms.Images.Resampling;
using SkiaSharp;

namespace NoisyNN.Transforms.Images.Decoding;

/// <summary>
/// Decodes PNG, JPEG, WebP, BMP and GIF files to pixels of one size. It checks a file, decodes it with Skia, draws it on a background,
/// turns it upright and resizes it.
/// </summary>
/// <remarks>
/// <para>
/// A file is refused, with a reason, when it is cut short, damaged or larger than the limits. Size and completeness are checked before a
/// pixel is allocated. Image libraries fill missing data with grey and report success, so this class checks the coded data first. Values
/// are those of the file, without a colour profile.
/// </para>
/// <para>
/// The image is stretched to the given size, and nothing is cut off. Shrinking averages the covered area, growing interpolates. Several
/// threads may use a decoder at a time. Besides the result, an image allocates a few hundred bytes.
/// </para>
/// </remarks>
/// <example><code>
/// var decoder = new ImageDecoder(new ImageShape(3, 224, 224));
/// byte[] pixels = decoder.Decode(File.ReadAllBytes("photo.jpg"));
/// </code></example>
public sealed class ImageDecoder
{
    readonly ImageDecoderOptions _options;

    /// <param name="shape">Size of the result; 1 channel is grey (the luma of ITU-R BT.601), 3 are red, green, blue.</param>
    /// <param name="options">Limits, formats, background, layout; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shape has other channels, a side below 1, or more values than an array holds. Or
    /// an option is out of its range.</exception>
    public ImageDecoder(ImageShape shape, ImageDecoderOptions? options = null)
    {
        if (shape.Channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(shape), shape.Channels, "Images have 1 channel (grey) or 3 (colour).");
        if (shape.Height < 1 || shape.Width < 1 || (long)shape.Channels * shape.Height * shape.Width > Array.MaxLength)
            throw new ArgumentOutOfRangeException(
                nameof(shape),
                shape,
                "Height and width are at least 1, and all values together fit an array."
            );
        _options = options ?? new();
        _options.Validate();
        Shape = shape;
    }

    /// <inheritdoc cref="ImageDecoder(ImageShape, ImageDecoderOptions?)"/>
    /// <param name="shape">Size of the result; 1 channel is grey (the luma of ITU-R BT.601), 3 are red, green, blue.</param>
    /// <param name="limits">The limits on a file and its pixels.</param>
    public ImageDecoder(ImageShape shape, ImageLimits limits)
        : this(shape, new ImageDecoderOptions { Limits = limits }) { }

    /// <summary>Size of the result.</summary>
    public ImageShape Shape { get; }

    /// <summary>How images become pixels.</summary>
    public ImageDecoderOptions Options => _options;

    /// <summary>Reads a file within the limits.</summary>
    /// <exception cref="InvalidDataException">The file is longer than the limit.</exception>
    public byte[] ReadFile(string path)
    {
        using var stream = Open(path);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>
    /// Reads and decodes a file. It reuses the buffer for the file's bytes, which is faster than <see cref="ReadFile"/> for many files.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="pixels">Receives the pixels, one byte for each value of the shape; zeros if the image is refused.</param>
    /// <exception cref="InvalidDataException">It cannot be used; the message says why, without the file's name.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ImageHeader DecodeFile(string path, Span<byte> pixels)
    {
        var buffers = DecoderBuffers.Current;
        try
        {
            using var stream = Open(path);
            var content = buffers.TakeFile((int)stream.Length);
            stream.ReadExactly(content);
            return Decode(content, pixels);
        }
        finally
        {
            buffers.ReleaseFile();
        }
    }

    /// <summary>Reads the header of a file. No pixel is allocated, and the image data may be incomplete.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="options">Limits and formats; null for the defaults.</param>
    /// <exception cref="InvalidDataException">The header cannot be read, or the image exceeds the limits. The message says why, without
    /// the file's name.</exception>
    public static ImageHeader ReadHeader(ReadOnlySpan<byte> file, ImageDecoderOptions? options = null)
    {
        options ??= new();
        options.Validate();
        return Run(file, options, DecoderBuffers.Current, checksData: false, pixels: default, shape: default, out var header) is { } refusal
            ? throw new InvalidDataException(refusal.Reason)
            : header;
    }

    /// <summary>Checks a file's structure without decoding it. It makes all checks that come before the allocation of pixels.</summary>
    /// <exception cref="InvalidDataException">It cannot be used; the message says why, without the file's name.</exception>
    public ImageHeader Check(ReadOnlySpan<byte> file) =>
        Run(file, _options, DecoderBuffers.Current, checksData: true, pixels: default, shape: default, out var header) is { } refusal
            ? throw new InvalidDataException(refusal.Reason)
            : header;

    /// <summary>Decodes a file.</summary>
    /// <returns>Channels x height x width bytes, or height x width x channels if the options say so.</returns>
    /// <exception cref="InvalidDataException">It cannot be used; the message says why, without the file's name.</exception>
    public byte[] Decode(ReadOnlySpan<byte> file)
    {
        var pixels = new byte[Shape.Length];
        Decode(file, pixels);
        return pixels;
    }

    /// <summary>Decodes a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="pixels">Receives the pixels, one byte for each value of the shape; zeros if the file is refused.</param>
    /// <exception cref="InvalidDataException">It cannot be used; the message says why, without the file's name.</exception>
    public ImageHeader Decode(ReadOnlySpan<byte> file, Span<byte> pixels) =>
        TryDecode(file, pixels, out var header, out var refusal) ? header : throw new InvalidDataException(refusal.Reason);

    /// <summary>Decodes a file, or says why not.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="pixels">Receives the pixels, one byte for each value of the shape; zeros if the file is refused.</param>
    /// <param name="header">The header, as far as it was read.</param>
    /// <param name="refusal">Why it is refused.</param>
    /// <returns>Whether the file was decoded.</returns>
    /// <exception cref="ArgumentException">The pixels have another length.</exception>
    public bool TryDecode(
        ReadOnlySpan<byte> file,
        Span<byte> pixels,
        out ImageHeader header,
        [NotNullWhen(false)] out ImageRefusal? refusal
    )
    {
        if (pixels.Length != Shape.Length)
            throw new ArgumentException($"The shape has {Shape.Length} values, and there is room for {pixels.Length}.", nameof(pixels));
        refusal = Run(file, _options, DecoderBuffers.Current, checksData: true, pixels, Shape, out header);
        if (refusal is null)
            return true;
        pixels.Clear();
        return false;
    }

    /// <summary>Reads the header, checks the data on request, and decodes if there is a shape.</summary>
    static unsafe ImageRefusal? Run(
        ReadOnlySpan<byte> file,
        ImageDecoderOptions options,
        DecoderBuffers buffers,
        bool checksData,
        Span<byte> pixels,
        ImageShape shape,
        out ImageHeader header
    )
    {
        header = default;
        if (RefuseFile(file, options, out var format) is { } wrongFile)
            return wrongFile;
        var (notes, mostPixels) = (ImageNotes.None, MostPixels(options));
        if (ImageContainer.CheckOutline(file, format, out var orientation, ref notes) is { } fault)
            return fault;

        fixed (byte* start = file)
        {
            using var image = EncodedImage.Open(start, file.Length);
            // If Skia finds no header, the structure check may know why.
            if (image is null)
                return ImageContainer.CheckData(file, format, mostPixels, buffers, ref notes) ?? Undecodable(format);
            header = HeaderOf(image, format, orientation, notes);
            if (ImageRefusal.OfSize(image.Info.Width, image.Info.Height, mostPixels) is { } tooLarge)
                return tooLarge;
            if (!checksData)
                return null;
            if (ImageContainer.CheckData(file, format, mostPixels, buffers, ref notes) is { } incomplete)
                return incomplete;
            header = header with { Notes = header.Notes | notes };
            return shape == default ? null : Decode(image, options, buffers, pixels, shape, ref header);
        }
    }

    static ImageRefusal? Decode(
        EncodedImage image,
        ImageDecoderOptions options,
        DecoderBuffers buffers,
        Span<byte> pixels,
        ImageShape shape,
        ref ImageHeader header
    )
    {
        var (newWidth, newHeight) = Orientation.Transposes(header.Orientation) ? (shape.Height, shape.Width) : (shape.Width, shape.Height);
        var eighths =
            options.ScaledDecoding && header.Format == ImageFormats.Jpeg
                ? Eighths(image.Info, newWidth * options.ScaledOversampling, newHeight * options.ScaledOversampling)
                : 8;
        var (width, height) = image.SizeAt(eighths);
        if (eighths < 8)
            header = header with { Notes = header.Notes | ImageNotes.Scaled };

        var lanes = image.IsGrey ? 1 : 4;
        var stored = buffers.TakePixels(width * height * lanes);
        try
        {
            var result = image.Decode(stored, width, height);
            if (result != SKCodecResult.Success)
                return Undecodable(header.Format, result);
            if (header.Notes.HasFlag(ImageNotes.Transparency))
                PixelColours.Compose(stored, options.Background);
            if (shape.Channels == 1 && lanes == 4)
            {
                stored = PixelColours.ToGrey(stored);
                lanes = 1;
            }
            var target = new PixelTarget(pixels, shape, options.Layout, header.Orientation);
            buffers.Resampler.Resize(
                stored,
                lanes,
                width,
                height,
                image.Info.Width * eighths / 8.0,
                image.Info.Height * eighths / 8.0,
                newWidth,
                newHeight,
                target
            );
            return null;
        }
        finally
        {
            buffers.ReleasePixels();
        }
    }

    /// <summary>The smallest size in eighths with at least the wanted number of pixels, or the full size.</summary>
    static int Eighths(SKImageInfo stored, double leastWidth, double leastHeight)
    {
        var eighths = 1;
        while (eighths < 8 && (stored.Width * eighths < leastWidth * 8 || stored.Height * eighths < leastHeight * 8))
            eighths++;
        return eighths;
    }

    static ImageHeader HeaderOf(EncodedImage image, ImageFormats format, int orientation, ImageNotes notes)
    {
        var info = image.Info;
        if (format is ImageFormats.Jpeg or ImageFormats.WebP)
            orientation = image.Orientation;
        if (info.ColorSpace is { IsSrgb: false })
            notes |= ImageNotes.ColourProfile;
        if (info.AlphaType != SKAlphaType.Opaque)
            notes |= ImageNotes.Transparency;
        if (format == ImageFormats.WebP && image.IsAnimation)
            notes |= ImageNotes.Animation;
        var (width, height) = Orientation.Transposes(orientation) ? (info.Height, info.Width) : (info.Width, info.Height);
        return new(
            format,
            width,
            height,
            orientation,
            info.AlphaType != SKAlphaType.Opaque ? 4
                : image.IsGrey ? 1
                : 3,
            notes
        );
    }

    static ImageRefusal? RefuseFile(ReadOnlySpan<byte> file, ImageDecoderOptions options, out ImageFormats format)
    {
        format = ImageContainer.FormatOf(file);
        if (file.IsEmpty)
            return new(ImageRefusalKind.WrongFormat, "the file is empty");
        if (format == ImageFormats.None)
            return new(
                ImageRefusalKind.WrongFormat,
                $"it is not a {ImageContainer.NamesOf(options.Formats)} image, whatever its name says"
            );
        return !options.Formats.HasFlag(format)
            ? new(
                ImageRefusalKind.WrongFormat,
                $"it is a {ImageContainer.NameOf(format)} image; only {ImageContainer.NamesOf(options.Formats)} is accepted"
            )
            : RefuseLength(file.Length, options);
    }

    static long MostPixels(ImageDecoderOptions options) => Math.Min(options.Limits.PixelCount, Array.MaxLength / 4);

    static ImageRefusal Undecodable(ImageFormats format, SKCodecResult result = SKCodecResult.InvalidInput) =>
        result == SKCodecResult.IncompleteInput
            ? new(ImageRefusalKind.Truncated, $"the {ImageContainer.NameOf(format)} file is truncated")
            : new(
                ImageRefusalKind.Damaged,
                $"the {ImageContainer.NameOf(format)} file is damaged, or of a kind that is not read (Skia: {result})"
            );

    /// <exception cref="InvalidDataException">The file is longer than the limit.</exception>
    FileStream Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (RefuseLength(stream.Length, _options) is not { } refusal)
            return stream;
        stream.Dispose();
        throw new InvalidDataException(refusal.Reason);
    }

    static ImageRefusal? RefuseLength(long length, ImageDecoderOptions options) =>
        length <= Math.Min(options.Limits.FileLength, Array.MaxLength)
            ? null
            : new(ImageRefusalKind.TooLarge, $"the file has {length} bytes, more than the limit of {options.Limits.FileLength}");
}
