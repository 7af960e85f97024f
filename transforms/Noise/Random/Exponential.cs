using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NoisyNN.Transforms.Noise.Random;

/// <summary>
/// Standard exponential values by inversion: <c>-ln u</c> of the upper 31 bits of a word, which end at 22.2. The lowest bit stays free, for
/// a sign.
/// </summary>
/// <remarks>Bit-equal on every processor, as <see cref="BoxMuller"/> is.</remarks>
static class Exponential
{
    const float Resolution = 1f / 2147483648f;

    /// <summary>Sixteen values, negated: the logarithm itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Negated(Vector512<uint> words)
    {
        // 31 bits, because all instruction sets convert signed integers. u is in (0, 1].
        var uniform = Fma(Vector512.ConvertToSingle((words >>> 1).AsInt32()), Vector512.Create(Resolution), Resolution / 2);
        return Logarithm(uniform);
    }

    /// <summary>Natural logarithm for values in (0, 1]: exponent times ln 2 plus a polynomial in the mantissa between √½ and √2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Logarithm(Vector512<float> value)
    {
        const int rootOfHalf = 0x3F3504F3;
        var exponent = (value.AsInt32() - Vector512.Create(rootOfHalf)) >> 23;
        var t = (value.AsInt32() - (exponent << 23)).AsSingle() - Vector512<float>.One;

        var series = Fma(Vector512.Create(0.08787265491f), t, -0.1415964701f);
        series = Fma(series, t, 0.1483478684f);
        series = Fma(series, t, -0.1658848853f);
        series = Fma(series, t, 0.1997204971f);
        series = Fma(series, t, -0.2500114768f);
        series = Fma(series, t, 0.3333367061f);
        series = Fma(series, t, -0.4999999713f);
        var mantissa = Vector512.FusedMultiplyAdd(series * t, t, t);
        return Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(exponent), Vector512.Create(0.69314718056f), mantissa);
    }

    static Vector512<float> Fma(Vector512<float> left, Vector512<float> right, float addend) =>
        Vector512.FusedMultiplyAdd(left, right, Vector512.Create(addend));
}
