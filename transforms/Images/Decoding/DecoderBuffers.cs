using NoisyNN.Transforms.Images.Formats;
using NoisyNN.Transforms.Images.Resampling;

namespace NoisyNN.Transforms.Images.Decoding;

/// <summary>The buffers of a decoder, reused for the next image. Each thread has its own.</summary>
sealed class DecoderBuffers
{
    // Larger images are rare, so their pixels should not stay in memory.
    const int LargestKept = 16 << 20;

    [ThreadStatic]
    static DecoderBuffers? t_current;

    byte[] _pixels = [],
        _file = [];

    public static DecoderBuffers Current => t_current ??= new();

    public JpegWalk Jpeg { get; } = new();

    public GifWalk Gif { get; } = new();

    public PixelResampler Resampler { get; } = new();

    /// <summary>A buffer for decoded pixels. Its content is undefined.</summary>
    public Span<byte> TakePixels(int length) => Take(ref _pixels, length);

    /// <summary>Frees the buffer of pixels if it is large.</summary>
    public void ReleasePixels() => Release(ref _pixels);

    /// <summary>A buffer for a file. Its content is undefined.</summary>
    public Span<byte> TakeFile(int length) => Take(ref _file, length);

    /// <inheritdoc cref="ReleasePixels"/>
    public void ReleaseFile() => Release(ref _file);

    static Span<byte> Take(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<byte>(length);
        return buffer.AsSpan(0, length);
    }

    static void Release(ref byte[] buffer)
    {
        if (buffer.Length > LargestKept)
            buffer = [];
    }
}
