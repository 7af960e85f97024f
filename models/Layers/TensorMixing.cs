using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;
using static TorchSharp.torch;

namespace NoisyNN.Models.Layers;

/// <summary>
/// y = (I+Q)x along one axis of tokens [N, T, D], maps [N, C, H, W] or features [N, D]. It costs one pass. A circular shift is a weighted
/// sum with a rolled copy. The optimal Q is a scaled identity plus a rank-one term. Your own matrix is a product.
/// </summary>
static class TensorMixing
{
    /// <summary>The number of rows that an axis mixes in one image's activations of this shape; null if they have no such axis.</summary>
    /// <param name="axis">Not <see cref="MixAxis.Batch"/>.</param>
    /// <param name="shape">[T, D] with the class token first, [C, H, W], or [D].</param>
    /// <param name="includeClassToken">Whether the class token is mixed like the others.</param>
    public static int? Size(MixAxis axis, IReadOnlyList<int> shape, bool includeClassToken) =>
        (axis, shape) switch
        {
            (MixAxis.Channels, [var channels, _, _]) => channels,
            (MixAxis.Channels, [.., var width]) => width,
            (MixAxis.Tokens, [var tokens, _]) => includeClassToken ? tokens : tokens - 1,
            (MixAxis.Tokens, [_, var height, var width]) => height * width,
            (MixAxis.SpatialRows, [var tokens, _]) => GridSize(tokens - 1),
            (MixAxis.SpatialRows, [_, var height, _]) => height,
            _ => null,
        };

    /// <summary>The number of rows that an axis mixes in a tensor.</summary>
    /// <exception cref="NotSupportedException">The tensor has no such axis.</exception>
    public static int Size(MixAxis axis, Tensor input, bool hasClassToken)
    {
        int[] shape = [.. input.shape.Skip(1).Select(extent => (int)extent)];
        if (axis is MixAxis.Batch)
            return (int)input.shape[0];
        if (shape is [var tokens, var width] && !hasClassToken)
            shape = [tokens + 1, width];
        return Size(axis, shape, includeClassToken: hasClassToken)
            ?? throw new NotSupportedException(
                $"Activations of shape [{string.Join(", ", input.shape)}] have no axis '{axis}' to mix along."
            );
    }

    public static Tensor Apply(LinearTransformNoise mixing, Tensor input, bool hasClassToken) =>
        (mixing.Axis, input.ndim) switch
        {
            (MixAxis.Batch, _) => Along(mixing, input, 0),
            (MixAxis.Channels, 4) => Along(mixing, input, 1),
            (MixAxis.Channels, _) => Along(mixing, input, -1),
            (MixAxis.Tokens, 3) => Along(mixing, input, 1),
            (MixAxis.Tokens, 4) => Along(mixing, input.reshape(input.shape[0], input.shape[1], -1), 2).reshape(input.shape),
            (MixAxis.SpatialRows, 3) => AlongGridRows(mixing, input, hasClassToken),
            (MixAxis.SpatialRows, 4) => Along(mixing, input, 2),
            _ => throw new NotSupportedException(
                $"Activations of shape [{string.Join(", ", input.shape)}] have no axis '{mixing.Axis}' to mix along."
            ),
        };

    static Tensor Along(LinearTransformNoise mixing, Tensor input, long axis) =>
        mixing switch
        {
            CircularShiftNoise shift => input * (1 - shift.Strength) + input.roll(-1, axis) * shift.Strength,
            OptimalMixingNoise => (input + input.sum(axis, keepdim: true)) * (1.0 / (input.shape[axis < 0 ? input.ndim + axis : axis] + 1)),
            _ => Along(mixing.ToMatrix((int)input.shape[axis < 0 ? input.ndim + axis : axis]), input, axis),
        };

    /// <summary>Mixes with any matrix: the axis becomes the last one, where a product with the transpose mixes it.</summary>
    static Tensor Along(double[,] matrix, Tensor input, long axis)
    {
        var size = matrix.GetLength(0);
        var weights = tensor(matrix.Cast<double>().Select(value => (float)value).ToArray(), device: input.device).reshape(size, size);
        return nn.functional.linear(input.transpose(axis, -1), weights).transpose(axis, -1);
    }

    static Tensor AlongGridRows(LinearTransformNoise mixing, Tensor input, bool hasClassToken)
    {
        var (batch, width) = (input.shape[0], input.shape[2]);
        var classToken = hasClassToken ? input.narrow(1, 0, 1) : null;
        var patches = hasClassToken ? input.narrow(1, 1, input.shape[1] - 1) : input;
        var grid = GridSize((int)patches.shape[1]);
        // The class token is on no row of the grid, so it has no neighbours and stays as it is.
        var mixed = Along(mixing, patches.reshape(batch, grid, grid, width), axis: 1).reshape(batch, -1, width);
        return classToken is null ? mixed : cat([classToken, mixed], 1);
    }

    /// <summary>The side of the square grid of patches.</summary>
    static int GridSize(int patches)
    {
        var size = (int)Math.Round(Math.Sqrt(patches));
        return size * size == patches
            ? size
            : throw new NotSupportedException($"{patches} patch tokens do not form a square grid, so its rows cannot be mixed.");
    }
}
