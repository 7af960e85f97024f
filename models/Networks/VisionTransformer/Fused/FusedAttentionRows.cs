using System.Runtime.Intrinsics.X86;

namespace NoisyNN.Models.Networks.VisionTransformer.Fused;

/// <summary>The place in memory of one part of a packed tensor [N, T, parts, heads, D] without gaps.</summary>
/// <param name="start">The tensor's first element.</param>
/// <param name="part">The index of the part.</param>
/// <param name="parts">The number of parts.</param>
/// <param name="tokens">T</param>
/// <param name="shape">Its heads and D.</param>
readonly unsafe struct FusedAttentionRows<TElement>(void* start, int part, int parts, int tokens, FusedAttentionShape shape)
    where TElement : unmanaged
{
    readonly TElement* _start = (TElement*)start;

    /// <summary>Elements from one token of a head to its next.</summary>
    public int Stride => parts * shape.Heads * shape.Dimension;

    /// <summary>The first token of a head, by the index of a pair of image and head.</summary>
    public TElement* this[int pair]
    {
        get
        {
            var (image, head) = Math.DivRem(pair, shape.Heads);
            return _start + (((nint)image * tokens * parts + part) * shape.Heads + head) * shape.Dimension;
        }
    }

    /// <summary>Prefetches some tokens of a head, if there are any.</summary>
    public void Prefetch(int pair, int first, int count)
    {
        var rows = this[pair] + (nint)first * Stride;
        for (count = Math.Min(count, tokens - first); count > 0; count--, rows += Stride)
        for (var column = 0; column < shape.Dimension; column += 64 / sizeof(TElement))
            Sse.Prefetch1(rows + column);
    }
}
