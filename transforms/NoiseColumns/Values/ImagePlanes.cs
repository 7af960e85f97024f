using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.NoiseColumns.Values;

/// <summary>
/// Converts an image's pixels to planes of floats (red, green, blue) and back. Alpha stays as it is. The buffers are reused from image to
/// image.
/// </summary>
sealed class ImagePlanes
{
    /// <summary>Red, green and blue.</summary>
    public const int Count = 3;

    const int Lanes = 16;
    const int AlphaShift = 24;

    float[] _values = [];
    uint[] _pixels = [];

    /// <summary>The planes of an image, to be changed and written.</summary>
    public Span<float> Read(MLImage image)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(image.Pixels);
        if (_values.Length < Count * pixels.Length)
            _values = new float[checked(Count * pixels.Length)];
        for (var plane = 0; plane < Count; plane++)
            Extract(pixels, ShiftOf(plane, image.PixelFormat), _values.AsSpan(plane * pixels.Length, pixels.Length));
        return _values.AsSpan(0, Count * pixels.Length);
    }

    /// <summary>
    /// A copy of the image with the planes' values as its colours. Values are rounded to the nearest byte, halves to the even one, and
    /// clipped to 0 and 255. Transparent pixels are clipped to 0 and alpha, because colours are stored multiplied by alpha.
    /// </summary>
    public MLImage Write(MLImage image)
    {
        var original = MemoryMarshal.Cast<byte, uint>(image.Pixels);
        if (_pixels.Length < original.Length)
            _pixels = new uint[original.Length];
        var pixels = _pixels.AsSpan(0, original.Length);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = original[i] >>> AlphaShift << AlphaShift;
        for (var plane = 0; plane < Count; plane++)
            Insert(pixels, ShiftOf(plane, image.PixelFormat), _values.AsSpan(plane * pixels.Length, pixels.Length));
        var written = MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, MemoryMarshal.AsBytes(pixels));
        written.Tag = image.Tag;
        return written;
    }

    static int ShiftOf(int plane, MLPixelFormat format) => 8 * (format is MLPixelFormat.Rgba32 ? plane : Count - 1 - plane);

    static void Extract(ReadOnlySpan<uint> pixels, int shift, Span<float> plane)
    {
        ref var source = ref MemoryMarshal.GetReference(pixels);
        ref var target = ref MemoryMarshal.GetReference(plane);
        var index = 0;
        for (; index <= plane.Length - Lanes; index += Lanes)
        {
            var bytes = (Vector512.LoadUnsafe(ref source, (nuint)index) >>> shift) & Vector512.Create(255u);
            Vector512.ConvertToSingle(bytes.AsInt32()).StoreUnsafe(ref target, (nuint)index);
        }
        for (; index < plane.Length; index++)
            plane[index] = (pixels[index] >>> shift) & 255;
    }

    static void Insert(Span<uint> pixels, int shift, ReadOnlySpan<float> plane)
    {
        ref var source = ref MemoryMarshal.GetReference(plane);
        ref var target = ref MemoryMarshal.GetReference(pixels);
        var index = 0;
        for (; index <= plane.Length - Lanes; index += Lanes)
        {
            var words = Vector512.LoadUnsafe(ref target, (nuint)index);
            var alpha = Vector512.ConvertToSingle((words >>> AlphaShift).AsInt32());
            var values = Vector512.Round(Vector512.Clamp(Vector512.LoadUnsafe(ref source, (nuint)index), Vector512<float>.Zero, alpha));
            (words | Vector512.ConvertToInt32(values).AsUInt32() << shift).StoreUnsafe(ref target, (nuint)index);
        }
        for (; index < plane.Length; index++)
            pixels[index] |= (uint)MathF.Round(Math.Clamp(plane[index], 0, pixels[index] >>> AlphaShift)) << shift;
    }
}
