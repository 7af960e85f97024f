using System;
using System.Buffers;
using System.IO;
using System.Threading;

namespace Microsoft.ML.Data;

/// <summary>
/// An image of 32 bits for each pixel, row after row, colours multiplied by alpha. It is decoded from JPEG and PNG files. Who gets an
/// image from a cursor must not keep it: the cursor disposes of it when it moves on.
/// </summary>
public sealed class MLImage : IDisposable
{
    // Larger arrays are rare, and a pool would keep them for good.
    private const int MaxPooled = 1 << 25;

    private readonly int _width;
    private readonly int _height;
    private readonly MLPixelFormat _format;
    private byte[] _pixels;
    private string _tag;

    /// <summary>An image with unspecified pixels. They come from a pool, since large arrays for every image of a data set would not be
    /// collected in time.</summary>
    internal MLImage(int width, int height, MLPixelFormat format)
    {
        _width = width;
        _height = height;
        _format = format;
        _pixels = ByteCount <= MaxPooled ? ArrayPool<byte>.Shared.Rent(ByteCount) : GC.AllocateUninitializedArray<byte>(ByteCount);
    }

    public MLPixelFormat PixelFormat
    {
        get
        {
            CheckNotDisposed();
            return _format;
        }
    }

    public ReadOnlySpan<byte> Pixels => WritablePixels;

    public string Tag
    {
        get
        {
            CheckNotDisposed();
            return _tag;
        }
        set
        {
            CheckNotDisposed();
            _tag = value;
        }
    }

    public int Width
    {
        get
        {
            CheckNotDisposed();
            return _width;
        }
    }

    public int Height
    {
        get
        {
            CheckNotDisposed();
            return _height;
        }
    }

    public int BitsPerPixel
    {
        get
        {
            CheckNotDisposed();
            return 32;
        }
    }

    /// <summary>A copy of the colours without alpha, three bytes for each pixel.</summary>
    public byte[] GetBGRPixels
    {
        get
        {
            var source = Pixels;
            var (blue, red) = _format == MLPixelFormat.Bgra32 ? (0, 2) : (2, 0);
            var colours = new byte[3 * _width * _height];
            for (int from = 0, to = 0; to < colours.Length; from += 4, to += 3)
            {
                var alpha = source[from + 3];
                colours[to] = Unpremultiply(source[from + blue], alpha);
                colours[to + 1] = Unpremultiply(source[from + 1], alpha);
                colours[to + 2] = Unpremultiply(source[from + red], alpha);
            }
            return colours;
        }
    }

    internal Span<byte> WritablePixels
    {
        get
        {
            CheckNotDisposed();
            return _pixels.AsSpan(0, ByteCount);
        }
    }

    private int ByteCount => checked(4 * _width * _height);

    public static MLImage CreateFromStream(Stream imageStream)
    {
        ArgumentNullException.ThrowIfNull(imageStream);
        if (imageStream is MemoryStream memory && memory.TryGetBuffer(out var buffer))
        {
            var rest = buffer.AsSpan()[(int)memory.Position..];
            memory.Position = memory.Length;
            return ImageCodec.Decode(rest, reason => new ArgumentException($"Invalid input stream contents: {reason}.",
                nameof(imageStream)));
        }
        using var copy = new MemoryStream();
        imageStream.CopyTo(copy);
        return ImageCodec.Decode(copy.GetBuffer().AsSpan(0, (int)copy.Length),
            reason => new ArgumentException($"Invalid input stream contents: {reason}.", nameof(imageStream)));
    }

    public static MLImage CreateFromFile(string imagePath)
    {
        ArgumentNullException.ThrowIfNull(imagePath);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(imagePath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"Invalid path: {e.Message}", nameof(imagePath), e);
        }
        return ImageCodec.Decode(bytes, reason =>
            new ArgumentException($"Invalid path: '{imagePath}' cannot be decoded: {reason}.", nameof(imagePath)));
    }

    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
            throw new ArgumentException("Unsupported pixel format", nameof(pixelFormat));
        if (width <= 0)
            throw new ArgumentException("Invalid width value.", nameof(width));
        if (height <= 0)
            throw new ArgumentException("Invalid height value.", nameof(height));
        if (imagePixelData.Length != 4L * width * height)
            throw new ArgumentException("Invalid imagePixelData buffer size.");
        var image = new MLImage(width, height, pixelFormat);
        imagePixelData.CopyTo(image.WritablePixels);
        return image;
    }

    /// <summary>Writes the image as PNG or JPEG, by the file's extension.</summary>
    public void Save(string imagePath)
    {
        CheckNotDisposed();
        ArgumentException.ThrowIfNullOrEmpty(imagePath);
        var extension = Path.GetExtension(imagePath).ToLowerInvariant();
        if (extension is not (".png" or ".jpg" or ".jpeg"))
            throw new ArgumentException($"Saving image with the format '{extension}' is not supported. Try save it with `Jpeg` or `Png` "
                + "format.", nameof(imagePath));

        var temporary = $"{imagePath}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
                ImageCodec.Encode(this, asPng: extension == ".png", stream);
            File.Move(temporary, imagePath, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } pixels && ByteCount <= MaxPooled)
            ArrayPool<byte>.Shared.Return(pixels);
    }

    internal static byte Unpremultiply(byte value, byte alpha) =>
        alpha == 255 ? value : alpha == 0 ? (byte)0 : (byte)Math.Min(255, (value * 255 + alpha / 2) / alpha);

    private void CheckNotDisposed()
    {
        if (_pixels is null)
            throw new InvalidOperationException("Object is disposed.");
    }
}
