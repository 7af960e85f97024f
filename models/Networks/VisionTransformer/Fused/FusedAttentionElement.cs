using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NoisyNN.Models.Networks.VisionTransformer.Fused;

/// <summary>
/// Loads sixteen values of a tensor as float32 and stores them. An element is a <c>float</c>, or a <c>ushort</c> with bfloat16's bits.
/// </summary>
static unsafe class FusedAttentionElement
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load<TElement>(TElement* source)
        where TElement : unmanaged =>
        typeof(TElement) == typeof(float)
            ? Vector512.Load((float*)source)
            : (Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)source)) << 16).AsSingle();

    /// <summary>Rounds to the nearest bfloat16, and ties to the even one, as libtorch does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TElement>(TElement* target, Vector512<float> values)
        where TElement : unmanaged
    {
        if (typeof(TElement) == typeof(float))
        {
            values.Store((float*)target);
            return;
        }
        var bits = values.AsUInt32();
        var rounded = (bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One)) >> 16;
        // The sum would turn some NaNs into infinities.
        var numbers = Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), rounded, Vector512.Create(0x7FC0u));
        Avx512F.ConvertToVector256UInt16(numbers).Store((ushort*)target);
    }

    /// <summary>The rows as float32: the rows themselves, or a copy without gaps in <paramref name="room"/>.</summary>
    /// <param name="rows">[count, dimension]</param>
    /// <param name="stride">Elements from one row to the next; on return, that of the result.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="dimension">A multiple of 16.</param>
    /// <param name="room">Memory for count · dimension values.</param>
    public static float* Single<TElement>(TElement* rows, ref int stride, int count, int dimension, float* room)
        where TElement : unmanaged
    {
        if (typeof(TElement) == typeof(float))
            return (float*)rows;
        for (var row = 0; row < count; row++)
        for (var column = 0; column < dimension; column += Vector512<float>.Count)
            Load(rows + (nint)row * stride + column).Store(room + row * dimension + column);
        stride = dimension;
        return room;
    }
}
