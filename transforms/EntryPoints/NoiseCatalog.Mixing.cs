using Microsoft.ML;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN;

public sealed partial class NoiseCatalog
{
    /// <summary>Linear transform noise by circular shift: every row of the axis takes a share of its successor.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="strength">α, the successor's share, from 0 to 1; 0.5 is singular over an even axis.</param>
    /// <param name="axis">The axis to mix; the column's type must have it.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="batchSize">Rows per batch for <see cref="MixAxis.Batch"/>; null for 64.</param>
    /// <param name="seed">Decides with <paramref name="rowProbability"/> which rows take the noise; null draws one from the
    /// context.</param>
    /// <param name="rowProbability">The probability that a row takes the noise; 1 for <see cref="MixAxis.Batch"/>.</param>
    /// <param name="dimensions">The shape of a row if the column's type does not have it, such as <c>[3, 32, 32]</c>.</param>
    /// <example><code>
    /// var pipeline = ml.Noise.LinearTransform("Pixels", strength: 0.3, axis: MixAxis.SpatialRows).Append(trainer);
    /// </code></example>
    public NoiseEstimator LinearTransform(
        string outputColumnName,
        string? inputColumnName = null,
        double strength = 0.3,
        MixAxis axis = MixAxis.SpatialRows,
        NoiseScope scope = NoiseScope.Training,
        int? batchSize = null,
        int? seed = null,
        double rowProbability = 1,
        int[]? dimensions = null
    ) => Mix(outputColumnName, inputColumnName, new CircularShiftNoise(strength, axis), scope, batchSize, seed, rowProbability, dimensions);

    /// <summary>Linear transform noise by your own quality matrix Q: k rows of the axis are multiplied by I+Q.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="q">Q, k by k numbers. k is the length of the axis, or the size of a group of rows in the batch.</param>
    /// <param name="axis">The axis to mix; the column's type must have it.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="batchSize">
    /// Rows per batch for <see cref="MixAxis.Batch"/>, a multiple of k; null for the largest multiple up to 64.
    /// </param>
    /// <param name="seed">Decides with <paramref name="rowProbability"/> which rows take the noise; null draws one from the
    /// context.</param>
    /// <param name="rowProbability">The probability that a row takes the noise; 1 for <see cref="MixAxis.Batch"/>.</param>
    /// <param name="dimensions">The shape of a row if the column's type does not have it, such as <c>[3, 32, 32]</c>.</param>
    /// <exception cref="ArgumentException">Q is not square or not finite, or I+Q is singular or ill-conditioned.</exception>
    /// <example><code>
    /// var pipeline = ml.Noise.LinearTransform("Tokens", new[,] { { -0.1, 0.1 }, { 0.2, -0.2 } }, MixAxis.Tokens).Append(trainer);
    /// </code></example>
    public NoiseEstimator LinearTransform(
        string outputColumnName,
        double[,] q,
        MixAxis axis,
        string? inputColumnName = null,
        NoiseScope scope = NoiseScope.Training,
        int? batchSize = null,
        int? seed = null,
        double rowProbability = 1,
        int[]? dimensions = null
    ) => Mix(outputColumnName, inputColumnName, QualityMatrixNoise.Of(q, axis), scope, batchSize, seed, rowProbability, dimensions);

    /// <summary>
    /// Linear transform noise by the paper's "optimal quality matrix": every row of the axis becomes a weighted average of all.
    /// </summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="axis">The axis to mix; the column's type must have it.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="batchSize">Rows per batch for <see cref="MixAxis.Batch"/>; null for 64.</param>
    /// <param name="seed">Decides with <paramref name="rowProbability"/> which rows take the noise; null draws one from the
    /// context.</param>
    /// <param name="rowProbability">The probability that a row takes the noise; 1 for <see cref="MixAxis.Batch"/>.</param>
    /// <param name="dimensions">The shape of a row if the column's type does not have it, such as <c>[3, 32, 32]</c>.</param>
    /// <example><code>
    /// var pipeline = ml.Noise.OptimalMixing("Tokens", axis: MixAxis.Tokens, rowProbability: 0.5).Append(trainer);
    /// </code></example>
    public NoiseEstimator OptimalMixing(
        string outputColumnName,
        string? inputColumnName = null,
        MixAxis axis = MixAxis.SpatialRows,
        NoiseScope scope = NoiseScope.Training,
        int? batchSize = null,
        int? seed = null,
        double rowProbability = 1,
        int[]? dimensions = null
    ) => Mix(outputColumnName, inputColumnName, new OptimalMixingNoise(axis), scope, batchSize, seed, rowProbability, dimensions);

    NoiseEstimator Mix(
        string outputColumnName,
        string? inputColumnName,
        LinearTransformNoise noise,
        NoiseScope scope,
        int? batchSize,
        int? seed,
        double rowProbability,
        int[]? dimensions
    ) =>
        Add(
            new()
            {
                OutputColumnName = outputColumnName,
                InputColumnName = inputColumnName,
                Noise = noise,
                Scope = scope,
                BatchSize = batchSize,
                Seed = seed,
                RowProbability = rowProbability,
                Dimensions = dimensions,
            }
        );
}
