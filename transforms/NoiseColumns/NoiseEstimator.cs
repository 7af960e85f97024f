using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.NoiseColumns;

/// <summary>Puts a noise on columns: vectors of Single (pixels, embeddings, any features) and images.</summary>
/// <remarks>
/// <para>
/// A view is immutable, so its noise is too: the same row has the same noise at every pass, under any cursor, shuffled or in parallel. It
/// is a function of the seed, the output column's name, the row's id and the element. Noise that is fresh in every epoch is the trainer's.
/// </para>
/// <para>
/// Vectors have a known size. Noise that acts on elements also takes vectors whose size varies, and leaves a vector of no elements as it
/// is. A sparse vector becomes dense. A value that is NaN or infinite is an error that names column, row and element, because noise would
/// spread it.
/// </para>
/// <para>
/// An image gets noise on its red, green and blue values, 0 to 255, in this order, as ExtractPixels would give them; alpha stays. The
/// result is rounded to the nearest byte and clipped; where an image is transparent, to alpha, since colours are stored multiplied by it.
/// Each row is a new image, which belongs to whoever asked for it, as those of ML.NET's own image transforms do; a missing image stays
/// missing. ML.NET never caches image columns nor shuffles them by a pool of rows: extract the pixels first where a pipeline does either.
/// </para>
/// </remarks>
public sealed partial class NoiseEstimator : IEstimator<NoiseTransformer>
{
    readonly MLContext _context;
    readonly Options _options;

    /// <param name="context">Its seed is used where the options have none.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <exception cref="ArgumentException">There is no noise; a column name is empty, made twice, or made from one column and read for
    /// another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A batch size or a dimension below 1, a row probability outside 0 to 1 or, for noise across the batch, other than 1, or an unknown
    /// scope.
    /// </exception>
    /// <exception cref="InvalidOperationException">Noise across the batch that is singular at a size which a block may have.</exception>
    public NoiseEstimator(MLContext context, Options options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        _context = context;
        _options = options.CheckedCopy();
        _options.Seed ??= ((IHostEnvironment)context).Register(nameof(NoiseEstimator)).Rand.Next();
    }

    /// <summary>
    /// Checks the columns. With <see cref="NoiseScope.Training"/>, the transformer will put noise on this very view object and on no other.
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

    /// <summary>What a saved model holds instead of the noise: ML.NET's own copies of columns, which any application can load.</summary>
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
