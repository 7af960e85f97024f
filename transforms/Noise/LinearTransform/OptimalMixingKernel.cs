using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NoisyNN.Transforms.Noise;

/// <summary>z_i ← (z_i + Σ_j z_j)/(k+1): the sum of the rows, then one scaled addition for each. Sums are taken in float64.</summary>
internal static class OptimalMixingKernel
{
    private const int StripLength = 512;

    public static void Mix(Span<float> block, int size, int inner)
    {
        Span<double> sums = stackalloc double[Math.Min(inner, StripLength)];
        Span<float> shares = stackalloc float[sums.Length];
        for (; block.Length > 0; block = block[(size * inner)..])
            Mix(block[..(size * inner)], size, inner, sums, shares);
    }

    private static void Mix(Span<float> slab, int size, int inner, Span<double> sums, Span<float> shares)
    {
        var weight = 1.0 / (size + 1);
        for (var start = 0; start < inner; start += StripLength)
        {
            var width = Math.Min(StripLength, inner - start);
            sums.Clear();
            for (var row = 0; row < size; row++)
                Add(sums[..width], slab.Slice(row * inner + start, width));
            for (var column = 0; column < width; column++)
                shares[column] = (float)(sums[column] * weight);
            for (var row = 0; row < size; row++)
                Scale(slab.Slice(row * inner + start, width), (float)weight, shares);
        }
    }

    private static void Add(Span<double> sums, ReadOnlySpan<float> values)
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

    private static void Scale(Span<float> values, float weight, ReadOnlySpan<float> shares)
    {
        var weights = Vector512.Create(weight);
        ref var target = ref MemoryMarshal.GetReference(values);
        ref var source = ref MemoryMarshal.GetReference(shares);
        var index = 0;
        for (; index <= values.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref target, (nuint)index), weights, Vector512.LoadUnsafe(ref source, (nuint)index))
                .StoreUnsafe(ref target, (nuint)index);
        }
        for (; index < values.Length; index++)
            values[index] = MathF.FusedMultiplyAdd(values[index], weight, shares[index]);
    }
}
