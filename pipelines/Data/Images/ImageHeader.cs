namespace NoisyNN.Pipelines.Data;

/// <summary>What an encoded image says about itself before anything is decoded.</summary>
/// <param name="Width">Stored pixels of a row, before orientation.</param>
/// <param name="Height">Stored rows, before orientation.</param>
/// <param name="Orientation">How to turn the stored image to see it upright: 1 to 8, as EXIF numbers it; 1 is upright.</param>
public readonly record struct ImageHeader(int Width, int Height, int Orientation)
{
    /// <summary>Reads the header by the file's content, whatever its name ends in, and walks its structure to the end.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="limits">What the image may cost.</param>
    /// <exception cref="InvalidDataException">It is empty, of another format, truncated, damaged or too large. The message does not name the file.</exception>
    /// <remarks>
    /// Image decoders return what they could read of a truncated file, the rest grey or black, without an error. Training on that would be silent damage,
    /// so the structure is checked here.
    /// </remarks>
    public static ImageHeader Read(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (file.IsEmpty)
            throw new InvalidDataException("the file is empty");
        var header = PngStructure.IsPng(file) ? PngStructure.Read(file)
            : JpegStructure.IsJpeg(file) ? JpegStructure.Read(file)
            : throw new InvalidDataException("it is neither a PNG nor a JPEG image, whatever its name says");
        if (header.Width < 1 || header.Height < 1)
            throw new InvalidDataException($"its header claims {header.Width} x {header.Height} pixels");
        if ((long)header.Width * header.Height > limits.PixelCount)
            throw new InvalidDataException(
                $"its header claims {header.Width} x {header.Height} pixels, more than the limit of {limits.PixelCount}; it was not decoded");
        return header;
    }
}
