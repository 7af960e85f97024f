using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NoisyNN.Transforms.Noise.SaltAndPepper;

/// <summary>The values of pepper and salt.</summary>
readonly record struct Extremes(float Low, float High)
{
    /// <summary>The least and the greatest value of a row that is not empty.</summary>
    public static Extremes Of(ReadOnlySpan<float> row) =>
        Of(Vector512.Create(float.PositiveInfinity), Vector512.Create(float.NegativeInfinity), row);

    /// <summary>The extremes of sixteen lanes and of the remaining values.</summary>
    public static Extremes Of(Vector512<float> low, Vector512<float> high, ReadOnlySpan<float> rest)
    {
        for (; rest.Length >= Vector512<float>.Count; rest = rest[Vector512<float>.Count..])
            Widen(ref low, ref high, ref MemoryMarshal.GetReference(rest));
        var (lowHalf, highHalf) = (
            Vector256.MinNative(low.GetLower(), low.GetUpper()),
            Vector256.MaxNative(high.GetLower(), high.GetUpper())
        );
        var (lows, highs) = (
            Vector128.MinNative(lowHalf.GetLower(), lowHalf.GetUpper()),
            Vector128.MaxNative(highHalf.GetLower(), highHalf.GetUpper())
        );
        var (least, greatest) = (lows[0], highs[0]);
        for (var lane = 1; lane < Vector128<float>.Count; lane++)
            (least, greatest) = (float.MinNative(least, lows[lane]), float.MaxNative(greatest, highs[lane]));
        foreach (var value in rest)
            (least, greatest) = (float.MinNative(least, value), float.MaxNative(greatest, value));
        return new(least, greatest);
    }

    /// <summary>Updates the extremes of sixteen lanes with sixteen values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Widen(ref Vector512<float> low, ref Vector512<float> high, ref float start)
    {
        var values = Vector512.LoadUnsafe(ref start);
        low = Vector512.MinNative(low, values);
        high = Vector512.MaxNative(high, values);
    }
}
