using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NoisyNN.Models.Networks.VisionTransformer.Fused;

/// <summary>Products of small matrices, in tiles of four rows by up to 64 columns that stay in registers.</summary>
static unsafe class FusedAttentionProduct
{
    const int TileRows = 4;
    const int Lanes = 16;

    /// <summary>result[r, c] = Σ_s left[r, s] · right[s, c]</summary>
    /// <param name="left">The left factor, at any strides.</param>
    /// <param name="leftRow">Values from one of its rows to the next.</param>
    /// <param name="leftStep">Values from one of its columns to the next.</param>
    /// <param name="right">The right factor, whose rows have no gaps.</param>
    /// <param name="rightRow">Values from one of its rows to the next.</param>
    /// <param name="result">The product, whose rows have no gaps.</param>
    /// <param name="resultRow">Elements from one of its rows to the next.</param>
    /// <param name="rows">The rows of the product, at least 1.</param>
    /// <param name="columns">The columns of the product, a multiple of 16.</param>
    /// <param name="steps">The length of the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TElement>(
        float* left,
        int leftRow,
        int leftStep,
        float* right,
        int rightRow,
        TElement* result,
        int resultRow,
        int rows,
        int columns,
        int steps
    )
        where TElement : unmanaged
    {
        for (; columns > 0; columns -= 4 * Lanes, right += 4 * Lanes, result += 4 * Lanes)
        for (var row = 0; row < rows; row += TileRows)
        {
            var source = left + (nint)row * leftRow;
            var target = result + (nint)row * resultRow;
            var height = Math.Min(TileRows, rows - row);
            switch (columns)
            {
                case Lanes:
                    Tile<TElement, One>(source, leftRow, leftStep, right, rightRow, target, resultRow, height, steps);
                    break;
                case 2 * Lanes:
                    Tile<TElement, Two>(source, leftRow, leftStep, right, rightRow, target, resultRow, height, steps);
                    break;
                case 3 * Lanes:
                    Tile<TElement, Three>(source, leftRow, leftStep, right, rightRow, target, resultRow, height, steps);
                    break;
                default:
                    Tile<TElement, Four>(source, leftRow, leftStep, right, rightRow, target, resultRow, height, steps);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile<TElement, TWidth>(
        float* left,
        nint leftRow,
        nint leftStep,
        float* right,
        nint rightRow,
        TElement* result,
        nint resultRow,
        int rows,
        int steps
    )
        where TElement : unmanaged
        where TWidth : struct, IWidth
    {
        // If there are fewer than four rows, the last one is computed again in place of the missing ones.
        var left1 = left + Math.Min(1, rows - 1) * leftRow;
        var left2 = left + Math.Min(2, rows - 1) * leftRow;
        var left3 = left + Math.Min(3, rows - 1) * leftRow;
        Vector512<float> sum00 = default,
            sum01 = default,
            sum02 = default,
            sum03 = default;
        Vector512<float> sum10 = default,
            sum11 = default,
            sum12 = default,
            sum13 = default;
        Vector512<float> sum20 = default,
            sum21 = default,
            sum22 = default,
            sum23 = default;
        Vector512<float> sum30 = default,
            sum31 = default,
            sum32 = default,
            sum33 = default;
        for (nint offset = 0; steps > 0; steps--, offset += leftStep, right += rightRow)
        {
            var right0 = Vector512.Load(right);
            var right1 = TWidth.Vectors > 1 ? Vector512.Load(right + Lanes) : default;
            var right2 = TWidth.Vectors > 2 ? Vector512.Load(right + 2 * Lanes) : default;
            var right3 = TWidth.Vectors > 3 ? Vector512.Load(right + 3 * Lanes) : default;
            Add<TWidth>(left[offset], right0, right1, right2, right3, ref sum00, ref sum01, ref sum02, ref sum03);
            Add<TWidth>(left1[offset], right0, right1, right2, right3, ref sum10, ref sum11, ref sum12, ref sum13);
            Add<TWidth>(left2[offset], right0, right1, right2, right3, ref sum20, ref sum21, ref sum22, ref sum23);
            Add<TWidth>(left3[offset], right0, right1, right2, right3, ref sum30, ref sum31, ref sum32, ref sum33);
        }
        Store<TElement, TWidth>(result, sum00, sum01, sum02, sum03);
        if (rows > 1)
            Store<TElement, TWidth>(result + resultRow, sum10, sum11, sum12, sum13);
        if (rows > 2)
            Store<TElement, TWidth>(result + 2 * resultRow, sum20, sum21, sum22, sum23);
        if (rows > 3)
            Store<TElement, TWidth>(result + 3 * resultRow, sum30, sum31, sum32, sum33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add<TWidth>(
        float factor,
        Vector512<float> right0,
        Vector512<float> right1,
        Vector512<float> right2,
        Vector512<float> right3,
        ref Vector512<float> sum0,
        ref Vector512<float> sum1,
        ref Vector512<float> sum2,
        ref Vector512<float> sum3
    )
        where TWidth : struct, IWidth
    {
        var factors = Vector512.Create(factor);
        sum0 = Vector512.FusedMultiplyAdd(factors, right0, sum0);
        if (TWidth.Vectors > 1)
            sum1 = Vector512.FusedMultiplyAdd(factors, right1, sum1);
        if (TWidth.Vectors > 2)
            sum2 = Vector512.FusedMultiplyAdd(factors, right2, sum2);
        if (TWidth.Vectors > 3)
            sum3 = Vector512.FusedMultiplyAdd(factors, right3, sum3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<TElement, TWidth>(
        TElement* row,
        Vector512<float> sum0,
        Vector512<float> sum1,
        Vector512<float> sum2,
        Vector512<float> sum3
    )
        where TElement : unmanaged
        where TWidth : struct, IWidth
    {
        FusedAttentionElement.Store(row, sum0);
        if (TWidth.Vectors > 1)
            FusedAttentionElement.Store(row + Lanes, sum1);
        if (TWidth.Vectors > 2)
            FusedAttentionElement.Store(row + 2 * Lanes, sum2);
        if (TWidth.Vectors > 3)
            FusedAttentionElement.Store(row + 3 * Lanes, sum3);
    }

    /// <summary>The width of a tile in vectors: a constant for the compiler, which removes the other cases.</summary>
    interface IWidth
    {
        static abstract int Vectors { get; }
    }

    readonly struct One : IWidth
    {
        public static int Vectors => 1;
    }

    readonly struct Two : IWidth
    {
        public static int Vectors => 2;
    }

    readonly struct Three : IWidth
    {
        public static int Vectors => 3;
    }

    readonly struct Four : IWidth
    {
        public static int Vectors => 4;
    }
}
