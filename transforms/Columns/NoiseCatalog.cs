using Microsoft.ML;
using NoisyNN.Transforms.Columns;
using NoisyNN.Transforms.Noise;

namespace NoisyNN;

/// <summary>Estimators that put noise on columns: <c>ml.Noise</c>. Columns are known-size vectors of Single.</summary>
public sealed class NoiseCatalog
{
    private readonly MLContext _context;

    internal NoiseCatalog(MLContext context) => _context = context;

    /// <summary>Additive Gaussian noise on each element.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="standardDeviation">In the column's units; pixel columns are 0 to 255.</param>
    /// <param name="mean">In the column's units.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="seed">Null draws one from the context.</param>
    /// <example><code>var pipeline = ml.Noise.Gaussian("Embedding", standardDeviation: 0.1).Append(trainer);</code></example>
    public NoiseEstimator Gaussian(
        string outputColumnName, string? inputColumnName = null, double standardDeviation = 0.1, double mean = 0,
        NoiseScope scope = NoiseScope.Training, int? seed = null) =>
        Add(outputColumnName, new GaussianNoise(standardDeviation, mean), inputColumnName, scope, seed);

    /// <summary>Linear transform noise by circular shift: every row of the axis takes a share of its successor.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="strength">α, the successor's share, from 0 to 1; 0.5 is singular over an even axis.</param>
    /// <param name="axis">What is mixed; the column's type must have it.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="batchSize">Rows per batch for <see cref="MixAxis.Batch"/>.</param>
    /// <example><code>var pipeline = ml.Noise.LinearTransform("Pixels", strength: 0.3, axis: MixAxis.SpatialRows).Append(trainer);</code></example>
    public NoiseEstimator LinearTransform(
        string outputColumnName, string? inputColumnName = null, double strength = 0.3, MixAxis axis = MixAxis.SpatialRows,
        NoiseScope scope = NoiseScope.Training, int batchSize = 64) =>
        Add(outputColumnName, new CircularShiftNoise(strength, axis), inputColumnName, scope, batchSize: batchSize);

    /// <summary>Linear transform noise by the paper's "optimal quality matrix": every row of the axis becomes a weighted average of all.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="axis">What is mixed; the column's type must have it.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="batchSize">Rows per batch for <see cref="MixAxis.Batch"/>.</param>
    public NoiseEstimator OptimalMixing(
        string outputColumnName, string? inputColumnName = null, MixAxis axis = MixAxis.SpatialRows,
        NoiseScope scope = NoiseScope.Training, int batchSize = 64) =>
        Add(outputColumnName, new OptimalMixingNoise(axis), inputColumnName, scope, batchSize: batchSize);

    /// <summary>Salt and pepper: elements become the row's largest or smallest value.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="probability">That an element is replaced.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="seed">Null draws one from the context.</param>
    public NoiseEstimator SaltAndPepper(
        string outputColumnName, string? inputColumnName = null, double probability = 0.1,
        NoiseScope scope = NoiseScope.Training, int? seed = null) =>
        Add(outputColumnName, new SaltAndPepperNoise(probability), inputColumnName, scope, seed);

    /// <summary>Any noise.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="noise">The noise.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="seed">Null draws one from the context.</param>
    /// <param name="batchSize">Rows per batch for noise across the batch.</param>
    /// <param name="rowProbability">With which a row takes the noise.</param>
    public NoiseEstimator Add(
        string outputColumnName, NoiseDefinition noise, string? inputColumnName = null,
        NoiseScope scope = NoiseScope.Training, int? seed = null, int batchSize = 64, double rowProbability = 1) => Add(new()
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Noise = noise,
            Scope = scope,
            Seed = seed,
            BatchSize = batchSize,
            RowProbability = rowProbability,
        });

    /// <summary>Any noise on several columns, each with random numbers of its own.</summary>
    /// <param name="columns">The columns to make, and what they are made from.</param>
    /// <param name="noise">The noise.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="seed">Null draws one from the context.</param>
    /// <param name="batchSize">Rows per batch for noise across the batch.</param>
    /// <param name="rowProbability">With which a row takes the noise; chosen for each column by itself.</param>
    /// <example><code>var pipeline = ml.Noise.Add([new("Title"), new("Body")], new GaussianNoise(0.1), rowProbability: 0.5).Append(trainer);</code></example>
    public NoiseEstimator Add(
        InputOutputColumnPair[] columns, NoiseDefinition noise,
        NoiseScope scope = NoiseScope.Training, int? seed = null, int batchSize = 64, double rowProbability = 1)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return Add(new() { Columns = columns, Noise = noise, Scope = scope, Seed = seed, BatchSize = batchSize, RowProbability = rowProbability });
    }

    /// <summary>Any noise, with all options.</summary>
    public NoiseEstimator Add(NoiseEstimator.Options options) => new(_context, options);
}

/// <summary>Hangs <see cref="NoiseCatalog"/> on the context.</summary>
public static class NoiseExtensions
{
    extension(MLContext context)
    {
        /// <summary>Estimators that put noise on columns.</summary>
        public NoiseCatalog Noise => new(context);
    }
}
