using System.Numerics;

namespace NoisyNN.Transforms.Images.Resampling;

/// <summary>Converts bytes to floats, as many at a time as the processor's vectors hold.</summary>
static class PixelConversion
{
    /// <summary>Writes each byte as the float of the same value, 0 to 255.</summary>
    public static void Widen(ReadOnlySpan<byte> source, Span<float> destination)
    {
        var lanes = Vector<float>.Count;
        var i = 0;
        for (; i <= source.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(source[i..]), out var low, out var high);
            Vector.Widen(low, out var first, out var second);
            Vector.Widen(high, out var third, out var fourth);
            var target = destination.Slice(i, Vector<byte>.Count);
            // The conversion uses signed integers. They convert in one instruction on every processor, and no value is above 255.
            Vector.ConvertToSingle(Vector.AsVectorInt32(first)).CopyTo(target);
            Vector.ConvertToSingle(Vector.AsVectorInt32(second)).CopyTo(target[lanes..]);
            Vector.ConvertToSingle(Vector.AsVectorInt32(third)).CopyTo(target[(2 * lanes)..]);
            Vector.ConvertToSingle(Vector.AsVectorInt32(fourth)).CopyTo(target[(3 * lanes)..]);
        }
        for (; i < source.Length; i++)
            destination[i] = source[i];
    }
}
