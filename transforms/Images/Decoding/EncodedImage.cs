using SkiaSharp;

namespace NoisyNN.Transforms.Images.Decoding;

/// <summary>An encoded image that Skia's codec reads: its header, and pixels at a size that the codec offers.</summary>
sealed class EncodedImage : IDisposable
{
    readonly SKData _data;
    readonly SKCodec _codec;

    EncodedImage(SKData data, SKCodec codec)
    {
        (_data, _codec) = (data, codec);
        Info = codec.Info;
    }

    /// <summary>Size and kind of the stored pixels.</summary>
    public SKImageInfo Info { get; }

    /// <summary>Whether the stored pixels are grey, and stay so.</summary>
    public bool IsGrey => Info.ColorType == SKColorType.Gray8;

    public int Orientation => (int)_codec.EncodedOrigin;

    public bool IsAnimation => _codec.FrameCount > 1;

    /// <summary>Opens a file that lies in pinned memory; null if the codec finds no header. The memory must outlive the image.</summary>
    public static unsafe EncodedImage? Open(byte* file, int length)
    {
        var data = SKData.Create((nint)file, length);
        if (SKCodec.Create(data) is { } codec)
            return new(data, codec);
        data.Dispose();
        return null;
    }

    /// <summary>The size of a JPEG in eighths of the stored one, rounded up; 8 is the stored size of any format.</summary>
    public (int Width, int Height) SizeAt(int eighths)
    {
        if (eighths == 8)
            return (Info.Width, Info.Height);
        var size = _codec.GetScaledDimensions(eighths / 8f);
        return (size.Width, size.Height);
    }

    /// <summary>Decodes the stored pixels to grey bytes or to red, green, blue and alpha, not multiplied, as the file has them.</summary>
    public unsafe SKCodecResult Decode(Span<byte> pixels, int width, int height)
    {
        // Without a colour space, Skia converts nothing.
        var info = new SKImageInfo(
            width,
            height,
            IsGrey ? SKColorType.Gray8 : SKColorType.Rgba8888,
            IsGrey ? SKAlphaType.Opaque : SKAlphaType.Unpremul
        );
        fixed (byte* target = pixels)
            return _codec.GetPixels(info, (nint)target, info.RowBytes, SKCodecOptions.Default);
    }

    public void Dispose()
    {
        _codec.Dispose();
        _data.Dispose();
    }
}
