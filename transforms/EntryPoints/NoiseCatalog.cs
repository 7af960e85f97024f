using Microsoft.ML;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.NoiseColumns;

namespace NoisyNN;

/// <summary>Estimators that put noise on columns: <c>ml.Noise</c>. Columns are vectors of Single, and images.</summary>
/// <remarks>
/// Each family has a method for one column. <see cref="Add(InputOutputColumnPair[], NoiseDefinition, NoiseScope, int?, int?, double)"/>
/// puts any noise on several columns, <see cref="Add(NoiseEstimator.Options)"/> has all options.
/// </remarks>
public sealed partial class NoiseCatalog
{
    readonly MLContext _context;

    internal NoiseCatalog(MLContext context) => _context = context;

    /// <summary>Adds any noise to a column.</summary>
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="noise">The noise.</param>
    /// <param name="inputColumnName">The column to put noise on; null for the output column, in place.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="seed">The seed; null draws one from the context.</param>
    /// <param name="batchSize">Rows per batch for noise across the batch. Null for 64, or the largest multiple of a matrix's rows up to
    /// 64.</param>
    /// <param name="rowProbability">The probability that a row takes the noise.</param>
    public NoiseEstimator Add(
        string outputColumnName,
        NoiseDefinition noise,
        string? inputColumnName = null,
        NoiseScope scope = NoiseScope.Training,
        int? seed = null,
        int? batchSize = null,
        double rowProbability = 1
    ) =>
        Add(
            new()
            {
                OutputColumnName = outputColumnName,
                InputColumnName = inputColumnName,
                Noise = noise,
                Scope = scope,
                Seed = seed,
                BatchSize = batchSize,
                RowProbability = rowProbability,
            }
        );

    /// <summary>Adds any noise to several columns, with random numbers of its own for each.</summary>
    /// <param name="columns">The columns to make, and the columns that they are made from.</param>
    /// <param name="noise">The noise.</param>
    /// <param name="scope">When the noise acts.</param>
    /// <param name="seed">The seed; null draws one from the context.</param>
    /// <param name="batchSize">Rows per batch for noise across the batch. Null for 64, or the largest multiple of a matrix's rows up to
    /// 64.</param>
    /// <param name="rowProbability">The probability that a row takes the noise, for each column by itself.</param>
    /// <example><code>
    /// var pipeline = ml.Noise.Add([new("Title"), new("Body")], new GaussianNoise(0.1), rowProbability: 0.5).Append(trainer);
    /// </code></example>
    public NoiseEstimator Add(
        InputOutputColumnPair[] columns,
        NoiseDefinition noise,
        NoiseScope scope = NoiseScope.Training,
        int? seed = null,
        int? batchSize = null,
        double rowProbability = 1
    )
    {
        ArgumentNullException.ThrowIfNull(columns);
        return Add(
            new()
            {
                Columns = columns,
                Noise = noise,
                Scope = scope,
                Seed = seed,
                BatchSize = batchSize,
                RowProbability = rowProbability,
            }
        );
    }

    /// <summary>Adds any noise, with all options.</summary>
    public NoiseEstimator Add(NoiseEstimator.Options options) => new(_context, options);
}

/// <summary>Adds <see cref="NoiseCatalog"/> to <see cref="MLContext"/>.</summary>
public static class NoiseExtensions
{
    extension(MLContext context)
    {
        /// <summary>Estimators that put noise on columns.</summary>
        public NoiseCatalog Noise => new(context);
    }
}
