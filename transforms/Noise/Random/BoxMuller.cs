using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NoisyNN.Transforms.Noise.Random;

/// <summary>
/// The transform of Box and Muller (1958): two uniform words become two independent standard normal values,
/// <c>sqrt(-2 ln u) cos φ</c> and <c>sqrt(-2 ln u) sin φ</c>. The tails end at ±6.66; 3e-11 of the mass is beyond.
/// </summary>
/// <remarks>
/// Only integer operations, conversions, additions, multiplications, fused multiply-additions and square roots are used. IEEE 754 and
/// .NET define all of these to the last bit. Estimate instructions are not used. So the values are bit-equal on every processor and
/// vector width. The polynomials are Chebyshev fits; a value is within 2e-6 of the exact transform.
/// </remarks>
static class BoxMuller
{
    const float Resolution = 1f / 2147483648f;

    /// <summary>Sixteen radii times the given scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Radius(Vector512<uint> words, float scale) => Vector512.Sqrt(Exponential.Negated(words) * -2f) * scale;

    /// <summary>Cosine and sine of sixteen angles uniform on the circle.</summary>
    /// <remarks>
    /// The word as a signed number spans the half circle from -π/2 to π/2; its lowest bit picks the other half by the cosine's sign.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Cosine, Vector512<float> Sine) CosineAndSine(Vector512<uint> words)
    {
        var angle = Vector512.ConvertToSingle(words.AsInt32()) * ((float)(Math.PI / 2) * Resolution);
        var square = angle * angle;

        var sine = Fma(Vector512.Create(2.605107635e-6f), square, -0.0001980901741f);
        sine = Fma(sine, square, 0.008333050171f);
        sine = Fma(sine, square, -0.1666665795f);
        sine = Fma(sine * square, angle, angle);

        var cosine = Fma(Vector512.Create(-2.629751742e-7f), square, 2.477457975e-5f);
        cosine = Fma(cosine, square, -0.001388865165f);
        cosine = Fma(cosine, square, 0.04166665936f);
        cosine = Fma(cosine, square, -0.4999999996f);
        cosine = Fma(cosine, square, 1f);
        return (((words << 31) ^ cosine.AsUInt32()).AsSingle(), sine);
    }

    static Vector512<float> Fma(Vector512<float> left, Vector512<float> right, float addend) =>
        Vector512.FusedMultiplyAdd(left, right, Vector512.Create(addend));

    static Vector512<float> Fma(Vector512<float> left, Vector512<float> right, Vector512<float> addend) =>
        Vector512.FusedMultiplyAdd(left, right, addend);
}
