using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NoisyNN.Transforms.Noise.LinearTransform;

/// <summary>
/// Optimal mixing of short rows. A column of them stays in the processor's first cache, and no sum leaves the registers.
/// </summary>
static class ShortRowMixing
{
    public static void Mix(Span<float> slab, int inner, double weight)
    {
        if (inner == 1)
            MixValues(slab, weight);
        else
            MixRows(slab, inner, weight);
    }

    /// <summary>Sixteen columns at a time, then four, then one. Without the four, rows of 28 pixels would mostly be remainder.</summary>
    static void MixRows(Span<float> slab, int inner, double weight)
    {
        ref var start = ref MemoryMarshal.GetReference(slab);
        var (end, stride, scale) = ((nuint)slab.Length, (nuint)inner, (float)weight);
        var column = 0;
        for (; column <= inner - Vector512<float>.Count; column += Vector512<float>.Count)
        {
            var (lowSum, highSum) = (Vector512<double>.Zero, Vector512<double>.Zero);
            for (var index = (nuint)column; index < end; index += stride)
            {
                var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref start, index));
                lowSum += low;
                highSum += high;
            }
            var share = Vector512.Narrow(lowSum * weight, highSum * weight);
            for (var index = (nuint)column; index < end; index += stride)
                Vector512
                    .FusedMultiplyAdd(Vector512.LoadUnsafe(ref start, index), Vector512.Create(scale), share)
                    .StoreUnsafe(ref start, index);
        }
        for (; column <= inner - Vector128<float>.Count; column += Vector128<float>.Count)
        {
            var (lowSum, highSum) = (Vector128<double>.Zero, Vector128<double>.Zero);
            for (var index = (nuint)column; index < end; index += stride)
            {
                var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref start, index));
                lowSum += low;
                highSum += high;
            }
            var share = Vector128.Narrow(lowSum * weight, highSum * weight);
            for (var index = (nuint)column; index < end; index += stride)
                Vector128
                    .FusedMultiplyAdd(Vector128.LoadUnsafe(ref start, index), Vector128.Create(scale), share)
                    .StoreUnsafe(ref start, index);
        }
        for (; column < inner; column++)
        {
            var sum = 0.0;
            for (var index = column; index < slab.Length; index += inner)
                sum += slab[index];
            for (var index = column; index < slab.Length; index += inner)
                slab[index] = MathF.FusedMultiplyAdd(slab[index], scale, (float)(sum * weight));
        }
    }

    /// <summary>Rows of one value each lie side by side.</summary>
    static void MixValues(Span<float> values, double weight)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var sums = Vector512<double>.Zero;
        var index = 0;
        for (; index <= values.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref start, (nuint)index));
            sums += low + high;
        }
        var sum = Vector512.Sum(sums);
        for (; index < values.Length; index++)
            sum += values[index];

        var (scale, share) = ((float)weight, (float)(sum * weight));
        for (index = 0; index <= values.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            Vector512
                .FusedMultiplyAdd(Vector512.LoadUnsafe(ref start, (nuint)index), Vector512.Create(scale), Vector512.Create(share))
                .StoreUnsafe(ref start, (nuint)index);
        }
        for (; index < values.Length; index++)
            values[index] = MathF.FusedMultiplyAdd(values[index], scale, share);
    }
}
