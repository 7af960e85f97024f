using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NoisyNN.Transforms.Noise.LinearTransform;

/// <summary>
/// z_i ← (z_i + Σ_j z_j)/(k+1): the sum of the rows, then one scaled addition for each. Sums are float64. Long rows are processed in
/// contiguous strips, because single columns would share few sets of the cache.
/// </summary>
static class OptimalMixingKernel
{
    const int StripLength = 512;
    const int ShortRow = 256;

    public static void Mix(Span<float> block, int size, int inner)
    {
        var weight = 1.0 / (size + 1);
        if (inner <= ShortRow)
        {
            for (; block.Length > 0; block = block[(size * inner)..])
                ShortRowMixing.Mix(block[..(size * inner)], inner, weight);
            return;
        }
        Span<double> sums = stackalloc double[Math.Min(inner, StripLength)];
        Span<float> shares = stackalloc float[sums.Length];
        for (; block.Length > 0; block = block[(size * inner)..])
        {
            for (var start = 0; start < inner; start += StripLength)
                Mix(block[start..(size * inner)], size, inner, sums[..Math.Min(StripLength, inner - start)], shares, weight);
        }
    }

    /// <summary>Mixes the strip of columns that the slab begins with.</summary>
    static void Mix(Span<float> slab, int size, int inner, Span<double> sums, Span<float> shares, double weight)
    {
        sums.Clear();
        for (var row = 0; row < size; row++)
            Add(sums, slab.Slice(row * inner, sums.Length));
        Narrow(sums, weight, shares);
        for (var row = 0; row < size; row++)
            Scale(slab.Slice(row * inner, sums.Length), (float)weight, shares);
    }

    static void Add(Span<double> sums, ReadOnlySpan<float> values)
    {
        ref var target = ref MemoryMarshal.GetReference(sums);
        ref var source = ref MemoryMarshal.GetReference(values);
        var index = 0;
        for (; index <= values.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref source, (nuint)index));
            (Vector512.LoadUnsafe(ref target, (nuint)index) + low).StoreUnsafe(ref target, (nuint)index);
            var upper = (nuint)(index + Vector512<double>.Count);
            (Vector512.LoadUnsafe(ref target, upper) + high).StoreUnsafe(ref target, upper);
        }
        for (; index < values.Length; index++)
            sums[index] += values[index];
    }

    static void Scale(Span<float> values, float weight, ReadOnlySpan<float> shares)
    {
        ref var target = ref MemoryMarshal.GetReference(values);
        ref var source = ref MemoryMarshal.GetReference(shares);
        var index = 0;
        for (; index <= values.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            Vector512
                .FusedMultiplyAdd(
                    Vector512.LoadUnsafe(ref target, (nuint)index),
                    Vector512.Create(weight),
                    Vector512.LoadUnsafe(ref source, (nuint)index)
                )
                .StoreUnsafe(ref target, (nuint)index);
        }
        for (; index < values.Length; index++)
            values[index] = MathF.FusedMultiplyAdd(values[index], weight, shares[index]);
    }

    static void Narrow(ReadOnlySpan<double> sums, double weight, Span<float> shares)
    {
        var column = 0;
        for (; column <= sums.Length - Vector512<float>.Count; column += Vector512<float>.Count)
        {
            Vector512
                .Narrow(Vector512.Create(sums[column..]) * weight, Vector512.Create(sums[(column + Vector512<double>.Count)..]) * weight)
                .CopyTo(shares[column..]);
        }
        for (; column < sums.Length; column++)
            shares[column] = (float)(sums[column] * weight);
    }
}
