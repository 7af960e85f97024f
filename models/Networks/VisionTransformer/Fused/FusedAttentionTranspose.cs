using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NoisyNN.Models.Networks.VisionTransformer.Fused;

/// <summary>The transpose of a head's keys or values, in blocks of eight by eight that stay in registers.</summary>
static unsafe class FusedAttentionTranspose
{
    const int Block = 8;

    /// <param name="rows">[count, dimension]</param>
    /// <param name="stride">Values from one row to the next.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="dimension">A multiple of 8.</param>
    /// <param name="columns">[dimension, padded]; columns beyond <paramref name="count"/> become zero.</param>
    /// <param name="padded">A multiple of 8, at least <paramref name="count"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* rows, int stride, int count, int dimension, float* columns, int padded)
    {
        for (var row = 0; row < padded; row += Block)
        for (var column = 0; column < dimension; column += Block)
            CopyBlock(rows + (nint)row * stride + column, stride, count - row, columns + column * padded + row, padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void CopyBlock(float* source, nint stride, int count, float* target, nint padded)
    {
        var row0 = Row(source, stride, 0, count);
        var row1 = Row(source, stride, 1, count);
        var row2 = Row(source, stride, 2, count);
        var row3 = Row(source, stride, 3, count);
        var row4 = Row(source, stride, 4, count);
        var row5 = Row(source, stride, 5, count);
        var row6 = Row(source, stride, 6, count);
        var row7 = Row(source, stride, 7, count);
        var (low0, high0) = (Avx.UnpackLow(row0, row1), Avx.UnpackHigh(row0, row1));
        var (low1, high1) = (Avx.UnpackLow(row2, row3), Avx.UnpackHigh(row2, row3));
        var (low2, high2) = (Avx.UnpackLow(row4, row5), Avx.UnpackHigh(row4, row5));
        var (low3, high3) = (Avx.UnpackLow(row6, row7), Avx.UnpackHigh(row6, row7));
        const byte First = 0b01_00_01_00,
            Second = 0b11_10_11_10;
        Halves(Avx.Shuffle(low0, low1, First), Avx.Shuffle(low2, low3, First), target, padded);
        Halves(Avx.Shuffle(low0, low1, Second), Avx.Shuffle(low2, low3, Second), target + padded, padded);
        Halves(Avx.Shuffle(high0, high1, First), Avx.Shuffle(high2, high3, First), target + 2 * padded, padded);
        Halves(Avx.Shuffle(high0, high1, Second), Avx.Shuffle(high2, high3, Second), target + 3 * padded, padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Row(float* source, nint stride, int row, int count) =>
        row < count ? Vector256.Load(source + row * stride) : Vector256<float>.Zero;

    /// <summary>Stores column c of the block, and column c + 4, which lies in the upper halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Halves(Vector256<float> upperRows, Vector256<float> lowerRows, float* target, nint padded)
    {
        Avx.Permute2x128(upperRows, lowerRows, 0x20).Store(target);
        Avx.Permute2x128(upperRows, lowerRows, 0x31).Store(target + 4 * padded);
    }
}
