using System.Runtime.CompilerServices;

namespace NoisyNN.Models.Networks.VisionTransformer.Fused;

/// <summary>softmax(QKᵀ · scale) V of single heads, a few rows at a time, so that their scores stay in the first-level cache.</summary>
readonly unsafe struct FusedAttentionForward<TElement>(
    FusedAttentionShape shape,
    FusedAttentionRows<TElement> queries,
    FusedAttentionRows<TElement> keys,
    FusedAttentionRows<TElement> values,
    FusedAttentionRows<TElement> outputs,
    float* statistics
)
    where TElement : unmanaged
{
    const int BlockRows = 8;

    /// <summary>The number of floats that one thread needs.</summary>
    public static int RoomLength(FusedAttentionShape shape) =>
        shape.PaddedKeys * (shape.Dimension + BlockRows) + (shape.Queries + shape.Keys) * shape.Dimension;

    /// <param name="first">The first pair of image and head.</param>
    /// <param name="end">The pair after the last one.</param>
    /// <param name="room">Memory for this thread only.</param>
    public void Compute(int first, int end, float* room)
    {
        for (var pair = first; pair < end; pair++)
            Head(pair, Math.Min(pair + 1, end - 1), room);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Head(int pair, int next, float* room)
    {
        var (dimension, padded, scale) = (shape.Dimension, shape.PaddedKeys, shape.Scale);
        var keyColumns = room;
        var scores = keyColumns + padded * dimension;
        var copy = scores + padded * BlockRows;

        var stride = keys.Stride;
        var rows = FusedAttentionElement.Single(keys[pair], ref stride, shape.Keys, dimension, copy);
        FusedAttentionTranspose.Copy(rows, stride, shape.Keys, dimension, keyColumns, padded);
        // The copy of the keys is not needed any more, so that of the values takes its place.
        var valueStride = values.Stride;
        var valueRows = FusedAttentionElement.Single(values[pair], ref valueStride, shape.Keys, dimension, copy);
        stride = queries.Stride;
        var queryRows = FusedAttentionElement.Single(queries[pair], ref stride, shape.Queries, dimension, copy + shape.Keys * dimension);

        for (var first = 0; first < shape.Queries; first += BlockRows)
        {
            var height = Math.Min(BlockRows, shape.Queries - first);
            queries.Prefetch(next, first, height);
            keys.Prefetch(next, first, height);
            values.Prefetch(next, first, height);
            FusedAttentionProduct.Multiply(
                queryRows + (nint)first * stride,
                stride,
                1,
                keyColumns,
                padded,
                scores,
                padded,
                height,
                padded,
                dimension
            );
            for (var row = 0; row < height; row++)
            {
                var (largest, share) = FusedAttentionSoftmax.Normalize(scores + row * padded, shape.Keys, scale);
                if (statistics is null)
                    continue;
                var entry = statistics + 2 * ((nint)pair * shape.Queries + first + row);
                (entry[0], entry[1]) = (largest, share);
            }
            FusedAttentionProduct.Multiply(
                scores,
                padded,
                1,
                valueRows,
                valueStride,
                outputs[pair] + (nint)first * outputs.Stride,
                outputs.Stride,
                height,
                dimension,
                shape.Keys
            );
        }
    }
}
