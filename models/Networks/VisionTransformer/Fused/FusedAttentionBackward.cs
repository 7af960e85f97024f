using System.Runtime.CompilerServices;

namespace NoisyNN.Models.Networks.VisionTransformer.Fused;

/// <summary>
/// The gradients of queries, keys and values of single heads. The probabilities P are computed again from the two numbers that the forward
/// pass keeps for each row (Dao et al., arXiv 2205.14135). With the output's gradient G: ∂V = PᵀG, ∂P = GVᵀ, ∂S = P (∂P - Σ P ∂P) · scale,
/// ∂Q = ∂S K, ∂K = ∂SᵀQ.
/// </summary>
readonly unsafe struct FusedAttentionBackward<TElement>(
    FusedAttentionShape shape,
    FusedAttentionRows<TElement> queries,
    FusedAttentionRows<TElement> keys,
    FusedAttentionRows<TElement> values,
    FusedAttentionRows<TElement> outputGradients,
    float* statistics,
    FusedAttentionRows<TElement> queryGradients,
    FusedAttentionRows<TElement> keyGradients,
    FusedAttentionRows<TElement> valueGradients
)
    where TElement : unmanaged
{
    /// <inheritdoc cref="FusedAttentionForward{TElement}.RoomLength"/>
    public static int RoomLength(FusedAttentionShape shape) =>
        shape.PaddedKeys * (shape.Dimension + 2 * shape.Queries) + 2 * (shape.Queries + shape.Keys) * shape.Dimension;

    /// <inheritdoc cref="FusedAttentionForward{TElement}.Compute"/>
    public void Compute(int first, int end, float* room)
    {
        for (var pair = first; pair < end; pair++)
            Head(pair, Math.Min(pair + 1, end - 1), room);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Head(int pair, int next, float* room)
    {
        var (dimension, padded, scale) = (shape.Dimension, shape.PaddedKeys, shape.Scale);
        var columns = room;
        var probabilities = columns + padded * dimension;
        var scoreGradients = probabilities + padded * shape.Queries;
        var copy = scoreGradients + padded * shape.Queries;
        var keyCopy = copy + shape.Queries * dimension;
        var gradientCopy = keyCopy + shape.Keys * dimension;
        var valueCopy = gradientCopy + shape.Queries * dimension;

        var (queryStride, keyStride, valueStride, gradientStride) = (queries.Stride, keys.Stride, values.Stride, outputGradients.Stride);
        var queryRows = FusedAttentionElement.Single(queries[pair], ref queryStride, shape.Queries, dimension, copy);
        var keyRows = FusedAttentionElement.Single(keys[pair], ref keyStride, shape.Keys, dimension, keyCopy);
        var valueRows = FusedAttentionElement.Single(values[pair], ref valueStride, shape.Keys, dimension, valueCopy);
        var gradientRows = FusedAttentionElement.Single(outputGradients[pair], ref gradientStride, shape.Queries, dimension, gradientCopy);

        FusedAttentionTranspose.Copy(keyRows, keyStride, shape.Keys, dimension, columns, padded);
        FusedAttentionProduct.Multiply(queryRows, queryStride, 1, columns, padded, probabilities, padded, shape.Queries, padded, dimension);
        var entry = statistics + 2 * ((nint)pair * shape.Queries);
        for (var row = 0; row < shape.Queries; row++, entry += 2)
            FusedAttentionSoftmax.Recall(probabilities + row * padded, shape.Keys, scale, largest: entry[0], share: entry[1]);

        FusedAttentionTranspose.Copy(valueRows, valueStride, shape.Keys, dimension, columns, padded);
        FusedAttentionProduct.Multiply(
            gradientRows,
            gradientStride,
            1,
            columns,
            padded,
            scoreGradients,
            padded,
            shape.Queries,
            padded,
            dimension
        );
        for (var row = 0; row < shape.Queries; row++)
        {
            if (row % 8 == 0)
            {
                var height = Math.Min(8, shape.Queries - row);
                queries.Prefetch(next, row, height);
                keys.Prefetch(next, row, height);
                values.Prefetch(next, row, height);
                outputGradients.Prefetch(next, row, height);
            }
            FusedAttentionSoftmax.Differentiate(scoreGradients + row * padded, probabilities + row * padded, shape.Keys, scale);
        }

        FusedAttentionProduct.Multiply(
            scoreGradients,
            padded,
            1,
            keyRows,
            keyStride,
            queryGradients[pair],
            queryGradients.Stride,
            shape.Queries,
            dimension,
            shape.Keys
        );
        FusedAttentionProduct.Multiply(
            scoreGradients,
            1,
            padded,
            queryRows,
            queryStride,
            keyGradients[pair],
            keyGradients.Stride,
            shape.Keys,
            dimension,
            shape.Queries
        );
        FusedAttentionProduct.Multiply(
            probabilities,
            1,
            padded,
            gradientRows,
            gradientStride,
            valueGradients[pair],
            valueGradients.Stride,
            shape.Keys,
            dimension,
            shape.Queries
        );
    }
}
