using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Tests.Noise.Fixtures;

static class DenseMixing
{
    /// <summary>(I+Q) written out, times the mixed axis, element by element in float64.</summary>
    public static float[] Apply(LinearTransformNoise noise, int[] shape, int rows, float[] values)
    {
        var rowLength = shape.Aggregate(1, (a, b) => a * b);
        var (size, inner) = (noise.Axis, shape.Length) switch
        {
            (MixAxis.Batch, _) => (rows, rowLength),
            (MixAxis.SpatialRows, 3) => (shape[1], shape[2]),
            (MixAxis.Channels, 3) => (shape[0], shape[1] * shape[2]),
            (MixAxis.Tokens, 2) => (shape[0], shape[1]),
            _ => (shape[1], 1),
        };
        var matrix = noise.ToMatrix(size);
        var result = new float[values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            var (slab, row, column) = (index / (size * inner), index / inner % size, index % inner);
            var sum = 0.0;
            for (var other = 0; other < size; other++)
                sum += matrix[row, other] * values[slab * size * inner + other * inner + column];
            result[index] = (float)sum;
        }
        return result;
    }
}
