using NoisyNN.Transforms.Images.Jpeg;

namespace NoisyNN.Transforms.Images;

/// <summary>What decoding needs besides the image, kept for the next one; each thread has its own.</summary>
internal sealed class DecoderBuffers
{
    // Larger images are rare, and their pixels should not stay in memory for good.
    const int LargestKept = 16 << 20;

    [ThreadStatic]
    static DecoderBuffers? t_current;

    byte[] _pixels = [];

    public static DecoderBuffers Current => t_current ??= new();

    public JpegWalk Jpeg { get; } = new();

    public GifWalk Gif { get; } = new();

    public PixelResampler Resampler { get; } = new();

    /// <summary>Room for decoded pixels, with any content.</summary>
    public byte[] TakePixels(int length)
    {
        if (_pixels.Length < length)
            _pixels = GC.AllocateUninitializedArray<byte>(length);
        return _pixels;
    }

    /// <summary>Lets go of that room if it is large.</summary>
    public void ReleasePixels()
    {
        if (_pixels.Length > LargestKept)
            _pixels = [];
    }
}
