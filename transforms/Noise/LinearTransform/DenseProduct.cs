using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NoisyNN.Transforms.Noise.LinearTransform;

/// <summary>
/// Products with a k by k matrix in place, in tiles of four rows by thirty-two columns that stay in registers. Scratch memory is pooled.
/// </summary>
static class DenseProduct
{
    const int TileRows = 4;
    const int TileColumns = 2 * 16;

    // Columns that are mixed together, so that the matrix is read once for all of them.
    const int StripColumns = 128;

    // Rows that are mixed together, for the same reason.
    const int StripRows = 64;

    /// <summary>The transpose of a matrix, row-major, each row padded with zeros to whole tiles.</summary>
    public static float[] PadColumns(double[,] matrix)
    {
        var size = matrix.GetLength(0);
        var stride = Padded(size);
        var transposed = new float[size * stride];
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
                transposed[column * stride + row] = (float)matrix[row, column];
        }
        return transposed;
    }

    /// <summary>X ← AX for one slab X of k rows.</summary>
    public static void MixColumns(Span<float> slab, float[] left, int size, int inner)
    {
        var stride = Padded(Math.Min(inner, StripColumns));
        var scratch = ArrayPool<float>.Shared.Rent(size * stride);
        for (var start = 0; start < inner; start += StripColumns)
        {
            var width = Math.Min(StripColumns, inner - start);
            for (var row = 0; row < size; row++)
                slab.Slice(row * inner + start, width).CopyTo(scratch.AsSpan(row * stride));
            Multiply(left, size, scratch, stride, slab[start..], inner, size, width);
        }
        ArrayPool<float>.Shared.Return(scratch);
    }

    /// <summary>x ← Ax for each row x of k floats, as products with the transpose from the right.</summary>
    public static void MixRows(Span<float> rows, float[] right, int size)
    {
        var scratch = ArrayPool<float>.Shared.Rent(StripRows * size);
        for (; rows.Length > 0; rows = rows[Math.Min(rows.Length, StripRows * size)..])
        {
            var strip = rows[..Math.Min(rows.Length, StripRows * size)];
            strip.CopyTo(scratch);
            Multiply(scratch, size, right, Padded(size), strip, size, strip.Length / size, size);
        }
        ArrayPool<float>.Shared.Return(scratch);
    }

    static int Padded(int columns) => (columns + TileColumns - 1) / TileColumns * TileColumns;

    /// <summary>The product of [rows, depth] and [depth, columns], where a row of the right factor has room for whole tiles.</summary>
    static void Multiply(
        float[] left,
        int depth,
        float[] right,
        int rightStride,
        Span<float> result,
        int resultStride,
        int rows,
        int columns
    )
    {
        Span<float> tile = stackalloc float[TileRows * TileColumns];
        for (var row = 0; row < rows; row += TileRows)
        {
            var height = Math.Min(TileRows, rows - row);
            for (var column = 0; column < columns; column += TileColumns)
            {
                var width = Math.Min(TileColumns, columns - column);
                Multiply(left.AsSpan(row * depth, height * depth), depth, right.AsSpan(column), rightStride, tile);
                for (var line = 0; line < height; line++)
                    tile.Slice(line * TileColumns, width).CopyTo(result[((row + line) * resultStride + column)..]);
            }
        }
    }

    static void Multiply(ReadOnlySpan<float> left, int depth, ReadOnlySpan<float> right, int rightStride, Span<float> tile)
    {
        ref var factor = ref MemoryMarshal.GetReference(left);
        ref var source = ref MemoryMarshal.GetReference(right);
        // If there are fewer than four rows, the last one is computed again in place of the missing ones.
        var (second, third, fourth) = (
            Math.Min(depth, left.Length - depth),
            Math.Min(2 * depth, left.Length - depth),
            Math.Min(3 * depth, left.Length - depth)
        );
        var (low0, low1, low2, low3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (high0, high1, high2, high3) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        for (var index = 0; index < depth; index++)
        {
            var low = Vector512.LoadUnsafe(ref source, (nuint)(index * rightStride));
            var high = Vector512.LoadUnsafe(ref source, (nuint)(index * rightStride + 16));
            var weight0 = Vector512.Create(Unsafe.Add(ref factor, index));
            var weight1 = Vector512.Create(Unsafe.Add(ref factor, second + index));
            var weight2 = Vector512.Create(Unsafe.Add(ref factor, third + index));
            var weight3 = Vector512.Create(Unsafe.Add(ref factor, fourth + index));
            low0 = Vector512.FusedMultiplyAdd(weight0, low, low0);
            high0 = Vector512.FusedMultiplyAdd(weight0, high, high0);
            low1 = Vector512.FusedMultiplyAdd(weight1, low, low1);
            high1 = Vector512.FusedMultiplyAdd(weight1, high, high1);
            low2 = Vector512.FusedMultiplyAdd(weight2, low, low2);
            high2 = Vector512.FusedMultiplyAdd(weight2, high, high2);
            low3 = Vector512.FusedMultiplyAdd(weight3, low, low3);
            high3 = Vector512.FusedMultiplyAdd(weight3, high, high3);
        }
        low0.CopyTo(tile);
        high0.CopyTo(tile[16..]);
        low1.CopyTo(tile[32..]);
        high1.CopyTo(tile[48..]);
        low2.CopyTo(tile[64..]);
        high2.CopyTo(tile[80..]);
        low3.CopyTo(tile[96..]);
        high3.CopyTo(tile[112..]);
    }
}
