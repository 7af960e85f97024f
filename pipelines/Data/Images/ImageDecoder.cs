using System.IO.Compression;
using Microsoft.ML.Data;

namespace NoisyNN.Pipelines.Data;

/// <summary>
/// PNG and JPEG files to planar bytes of one size: decoded by ML.NET's <see cref="MLImage"/>, set on white, turned upright, resized.
/// </summary>
/// <param name="shape">
/// Size of the result; 1 channel is grey (the luma of ITU-R BT.601), 3 are red, green, blue. The image is stretched to fit; nothing is cut off.
/// </param>
/// <param name="limits">What an image may cost.</param>
public sealed class ImageDecoder(ImageShape shape, ImageLimits limits)
{
    // MLImage does not tell whether its colours are multiplied by alpha, so one known pixel is decoded to find out.
    static readonly Lazy<bool> s_isPremultiplied = new(DecodesPremultiplied);

    /// <summary>Size of the result.</summary>
    public ImageShape Shape { get; } = shape;

    /// <summary>Reads a file within the limits.</summary>
    /// <exception cref="InvalidDataException">It is longer than the limit.</exception>
    public byte[] ReadFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (stream.Length > limits.FileLength)
            throw new InvalidDataException($"the file has {stream.Length} bytes, more than the limit of {limits.FileLength}");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>Checks a file's structure without decoding it.</summary>
    /// <exception cref="InvalidDataException">It cannot be used; the message says why.</exception>
    public ImageHeader Check(ReadOnlySpan<byte> file) => ImageHeader.Read(file, limits);

    /// <summary>Decodes a file.</summary>
    /// <returns>C x H x W bytes.</returns>
    /// <exception cref="InvalidDataException">It cannot be used; the message says why.</exception>
    public byte[] Decode(byte[] file)
    {
        var header = Check(file);
        using var image = CreateImage(file);
        if ((image.Width, image.Height) != (header.Width, header.Height))
            throw new InvalidDataException($"it decodes to {image.Width} x {image.Height} pixels, but its header says {header.Width} x {header.Height}");

        var orientation = new Orientation(header.Orientation, header.Width, header.Height);
        var upright = new ImageShape(Shape.Channels, orientation.Height, orientation.Width);
        return ImageResampling.Resize(ToPlanes(image, orientation, upright), upright, Shape.Height, Shape.Width);
    }

    static MLImage CreateImage(byte[] file)
    {
        try
        {
            return MLImage.CreateFromStream(new MemoryStream(file, writable: false));
        }
        // A missing decoder library is not the image's fault.
        catch (Exception exception) when (exception is not (OutOfMemoryException or TypeLoadException or TypeInitializationException))
        {
            throw new InvalidDataException($"it cannot be decoded ({exception.Message})", exception);
        }
    }

    static byte[] ToPlanes(MLImage image, Orientation orientation, ImageShape upright)
    {
        var planes = new byte[upright.Length];
        var pixels = image.Pixels;
        var (red, blue) = image.PixelFormat == MLPixelFormat.Rgba32 ? (0, 2) : (2, 0);
        var isPremultiplied = s_isPremultiplied.Value;
        var (target, area) = (0, upright.Area);
        for (var y = 0; y < upright.Height; y++)
        {
            var source = orientation.Start + y * orientation.StepDown;
            for (var x = 0; x < upright.Width; x++, target++, source += orientation.StepRight)
            {
                var pixel = pixels.Slice(4 * source, 4);
                var (r, g, b) = (OnWhite(pixel[red], pixel[3]), OnWhite(pixel[1], pixel[3]), OnWhite(pixel[blue], pixel[3]));
                if (upright.Channels == 1)
                    planes[target] = (byte)((77 * r + 150 * g + 29 * b + 128) >> 8);
                else
                    (planes[target], planes[target + area], planes[target + 2 * area]) = ((byte)r, (byte)g, (byte)b);
            }
        }
        return planes;

        int OnWhite(int colour, int alpha) => alpha == 255 ? colour
            : Math.Min(255, 255 - alpha + (isPremultiplied ? colour : (colour * alpha + 127) / 255));
    }

    /// <summary>Whether a half-transparent pure red comes out as half red.</summary>
    static bool DecodesPremultiplied()
    {
        var scanline = new MemoryStream();
        using (var deflate = new ZLibStream(scanline, CompressionLevel.Fastest, leaveOpen: true))
            deflate.Write([0, 255, 0, 0, 128]);
        using var image = CreateImage(PngStructure.Write(width: 1, height: 1, colourType: 6, scanline.ToArray()));
        return Math.Max(image.Pixels[0], image.Pixels[2]) < 192;
    }
}
