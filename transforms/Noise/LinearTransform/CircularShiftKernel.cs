using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NoisyNN.Transforms.Noise.LinearTransform;

/// <summary>z_i ← (1-α) z_i + α z_(i+1 mod k): one pass forward through memory, with the first row kept for the last.</summary>
static class CircularShiftKernel
{
    // Wide rows are processed in strips. A strip of the first row fits on the stack. A row is still in the cache when it is read the
    // second time.
    const int StripLength = 1024;

    public static void Mix(Span<float> block, int size, int inner, float strength)
    {
        Span<float> first = stackalloc float[Math.Min(inner, StripLength)];
        for (; block.Length > 0; block = block[(size * inner)..])
            Mix(block[..(size * inner)], size, inner, strength, first);
    }

    static void Mix(Span<float> slab, int size, int inner, float strength, Span<float> first)
    {
        for (var start = 0; start < inner; start += StripLength)
        {
            var width = Math.Min(StripLength, inner - start);
            slab.Slice(start, width).CopyTo(first);
            if (width == inner)
            {
                Blend(slab[..((size - 1) * inner)], slab[inner..], strength);
            }
            else
            {
                for (var row = 0; row < size - 1; row++)
                    Blend(slab.Slice(row * inner + start, width), slab.Slice((row + 1) * inner + start, width), strength);
            }
            Blend(slab.Slice((size - 1) * inner + start, width), first, strength);
        }
    }

    /// <summary>
    /// If the two overlap, <paramref name="next"/> comes later in memory, so a forward pass reads it before it is written.
    /// </summary>
    static void Blend(Span<float> values, ReadOnlySpan<float> next, float strength)
    {
        var (own, other) = (Vector512.Create(1 - strength), Vector512.Create(strength));
        ref var target = ref MemoryMarshal.GetReference(values);
        ref var source = ref MemoryMarshal.GetReference(next);
        var index = 0;
        for (; index <= values.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            var kept = Vector512.LoadUnsafe(ref target, (nuint)index) * own;
            Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref source, (nuint)index), other, kept).StoreUnsafe(ref target, (nuint)index);
        }
        for (; index < values.Length; index++)
            values[index] = MathF.FusedMultiplyAdd(next[index], strength, values[index] * (1 - strength));
    }
}
