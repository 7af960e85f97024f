using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NoisyNN.Models.Networks.VisionTransformer.Fused;

/// <summary>
/// The steps between the products, on rows of scores. A row has a multiple of 16 values; those beyond the keys have no effect.
/// </summary>
static unsafe class FusedAttentionSoftmax
{
    const int Lanes = 16;

    /// <summary>Turns scores into probabilities.</summary>
    /// <returns>The largest scaled score, and 1 / Σ e^(scaled score - largest): enough to compute the probabilities again.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Largest, float Share) Normalize(float* row, int keys, float scale)
    {
        var whole = (keys - 1) / Lanes * Lanes;
        var mask = Mask(keys - whole);
        var maxima = Vector512.ConditionalSelect(mask, Vector512.Load(row + whole), Vector512.Create(float.NegativeInfinity));
        for (var index = 0; index < whole; index += Lanes)
            maxima = Vector512.MaxNative(maxima, Vector512.Load(row + index));
        var largest = Largest(maxima) * scale;

        var sums = Vector512<float>.Zero;
        for (var index = 0; index < whole; index += Lanes)
        {
            var weights = Weights(row + index, scale, largest);
            weights.Store(row + index);
            sums += weights;
        }
        var last = Weights(row + whole, scale, largest) & mask;
        var share = 1 / Vector512.Sum(sums + last);
        for (var index = 0; index < whole; index += Lanes)
            (Vector512.Load(row + index) * share).Store(row + index);
        (last * share).Store(row + whole);
        return (largest, share);
    }

    /// <summary>Turns scores into the probabilities that <see cref="Normalize"/> found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Recall(float* row, int keys, float scale, float largest, float share)
    {
        var whole = (keys - 1) / Lanes * Lanes;
        for (var index = 0; index < whole; index += Lanes)
            (Weights(row + index, scale, largest) * share).Store(row + index);
        ((Weights(row + whole, scale, largest) & Mask(keys - whole)) * share).Store(row + whole);
    }

    /// <summary>Turns gradients of probabilities into gradients of unscaled scores: p (g - Σ p g) · scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Differentiate(float* gradients, float* probabilities, int keys, float scale)
    {
        var sums = Vector512<float>.Zero;
        for (var index = 0; index < keys; index += Lanes)
            sums = Vector512.FusedMultiplyAdd(Vector512.Load(probabilities + index), Vector512.Load(gradients + index), sums);
        var mean = Vector512.Create(Vector512.Sum(sums));
        for (var index = 0; index < keys; index += Lanes)
            (Vector512.Load(probabilities + index) * scale * (Vector512.Load(gradients + index) - mean)).Store(gradients + index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Weights(float* scores, float scale, float largest) =>
        Exponential(Vector512.FusedMultiplyAdd(Vector512.Load(scores), Vector512.Create(scale), Vector512.Create(-largest)));

    /// <summary>
    /// e^x for x up to 88: a power of two times a polynomial on ±ln(2)/2 (Cephes, <c>expf</c>). It is 0 below -87.3, where results would be
    /// denormal. NaN stays NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Exponential(Vector512<float> x)
    {
        var exponent = Vector512.Round(x * 1.44269504f);
        var rest = Vector512.FusedMultiplyAdd(exponent, Vector512.Create(-0.693359375f), x);
        rest = Vector512.FusedMultiplyAdd(exponent, Vector512.Create(2.12194440e-4f), rest);
        var series = Vector512.Create(1.9875691500e-4f);
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(1.3981999507e-3f));
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(8.3334519073e-3f));
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(4.1665795894e-2f));
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(1.6666665459e-1f));
        series = Vector512.FusedMultiplyAdd(series, rest, Vector512.Create(5.0000001201e-1f));
        series = Vector512.FusedMultiplyAdd(series, rest * rest, rest) + Vector512<float>.One;
        var power = ((Vector512.ConvertToInt32Native(exponent) + Vector512.Create(127)) << 23).AsSingle();
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-87.3f)), Vector512<float>.Zero, series * power);
    }

    /// <summary>All bits of the first values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Mask(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static float Largest(Vector512<float> values)
    {
        var eight = Vector256.MaxNative(values.GetLower(), values.GetUpper());
        var four = Vector128.MaxNative(eight.GetLower(), eight.GetUpper());
        var two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
