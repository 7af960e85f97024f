using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.NoiseColumns;

/// <summary>Puts a noise on columns: vectors of Single (pixels, embeddings, any features) and images.</summary>
/// <remarks>
/// <para>
/// A view is immutable, and so is its noise. A row has the same noise at every pass, under any cursor, shuffled or in parallel. The noise
/// is a function of the seed, the output column's name, the row's id and the element. For new noise in every epoch, use the trainer's
/// <c>InputNoise</c>.
/// </para>
/// <para>
/// Vectors have a known size. Noise that acts on elements also takes vectors whose size varies, and leaves a vector of no elements as it
/// is. A sparse vector becomes dense. NaN and infinity are errors that name column, row and element, because noise would spread them.
/// </para>
/// <para>
/// An image gets noise on its red, green and blue values, 0 to 255, in the order of ExtractPixels. Alpha stays. The result is rounded to
/// the nearest byte and clipped. A transparent pixel is clipped to alpha, because colours are stored multiplied by alpha. Each row is a
/// new image that the caller owns, as in ML.NET's own image transforms. A missing image stays missing. ML.NET neither caches image
/// columns nor shuffles them by a pool of rows. If a pipeline does either, extract the pixels first.
/// </para>
/// </remarks>
public sealed partial class NoiseEstimator : IEstimator<NoiseTransformer>
{
    readonly MLContext _context;
    readonly Options _options;

    /// <param name="context">Its seed is used where the options have none.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <exception cref="ArgumentException">There is no noise, a column name is empty or made twice, or a column is both made and read for
    /// another one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A batch size or a dimension is below 1, the row probability is outside 0 to 1, or the scope is unknown. For noise across the batch
    /// the row probability must be 1.
    /// </exception>
    /// <exception cref="InvalidOperationException">Noise across the batch is singular at a size that a block may have.</exception>
    public NoiseEstimator(MLContext context, Options options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        _context = context;
        _options = options.CheckedCopy();
        _options.Seed ??= ((IHostEnvironment)context).Register(nameof(NoiseEstimator)).Rand.Next();
    }

    /// <summary>
    /// Checks the columns. With <see cref="NoiseScope.Training"/>, the transformer puts noise on this view object and on no other.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of a type that cannot take the noise, or lacks the axis that is
    /// mixed.</exception>
    /// <exception cref="InvalidOperationException">The mixing is singular over a column's axis.</exception>
    public NoiseTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        NoiseColumn.FindAll(input.Schema, _options);
        return new(_options, FitIdentity(input), input);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot take the noise.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return OutputSchema.Append(_context, inputSchema, [.. _options.Pairs.Select(pair => Describe(inputSchema, pair))]);
    }

    DataViewSchema.DetachedColumn Describe(SchemaShape inputSchema, InputOutputColumnPair pair)
    {
        var column = inputSchema.FirstOrDefault(column => column.Name == pair.InputColumnName);
        if (column.Name is null)
            throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Could not find input column '{pair.InputColumnName}'.");
        if (NoiseInput.Refusal(column, _options) is { } refusal)
        {
            throw new ArgumentOutOfRangeException(
                nameof(inputSchema),
                $"Schema mismatch for input column '{pair.InputColumnName}' of type {column.Kind}<{column.ItemType}>: {refusal}"
            );
        }
        return NoiseAnnotations.DescribeShape(pair.OutputColumnName, _options, column);
    }

    /// <summary>
    /// The transformers that a saved model holds in place of the noise: ML.NET's own column copies, which any application can load.
    /// </summary>
    TransformerChain<ITransformer> FitIdentity(IDataView input)
    {
        var copies = new List<ITransformer>();
        foreach (var pair in _options.Pairs)
        {
            copies.Add(_context.Transforms.CopyColumns(pair.OutputColumnName, pair.InputColumnName).Fit(input));
            input = copies[^1].Transform(input);
        }
        return new([.. copies]);
    }
}
