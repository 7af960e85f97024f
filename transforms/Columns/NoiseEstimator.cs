using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.Columns;

/// <summary>Puts a noise on a column of known-size <c>Vector&lt;Single&gt;</c>: pixels, embeddings, any features.</summary>
/// <remarks>
/// A view is immutable, so its noise is too: the same row has the same noise at every pass, under any cursor, shuffled or in parallel.
/// Noise that is fresh in every epoch is the trainer's.
/// </remarks>
public sealed class NoiseEstimator : IEstimator<NoiseTransformer>
{
    /// <summary>Which noise, on what, and when.</summary>
    public sealed class Options
    {
        /// <summary>The column to make; of the input's type.</summary>
        public string OutputColumnName = "Pixels";

        /// <summary>The column to put noise on; null for the output column itself, in place.</summary>
        public string? InputColumnName;

        /// <summary>The noise. Its axis is looked up in the column's type: <c>[channels, height, width]</c>, <c>[tokens, channels]</c> or <c>[n]</c>.</summary>
        public NoiseDefinition? Noise;

        /// <summary>When the noise acts.</summary>
        public NoiseScope Scope = NoiseScope.Training;

        /// <summary>Determines the random values together with the output column's name and the number of noises before this one; null draws one from the context, which is repeatable if the context has a seed.</summary>
        public int? Seed;

        /// <summary>Rows per batch for noise across the batch; without effect on other noise.</summary>
        public int BatchSize = 64;

        internal Options Copy() => (Options)MemberwiseClone();
    }

    private readonly MLContext _context;
    private readonly Options _options;

    /// <param name="context">Its seed is used where the options have none.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <exception cref="ArgumentException">A column name is empty, or there is no noise.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A batch size below 1, or an unknown scope.</exception>
    /// <exception cref="InvalidOperationException">Noise across the batch that is singular at a size which a block may have.</exception>
    public NoiseEstimator(MLContext context, Options options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        if (options.InputColumnName is not null)
            ArgumentException.ThrowIfNullOrEmpty(options.InputColumnName);
        ArgumentNullException.ThrowIfNull(options.Noise);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        if (!Enum.IsDefined(options.Scope))
            throw new ArgumentOutOfRangeException(nameof(options), options.Scope, "Scope is Training or Always.");
        if (options.Noise is LinearTransformNoise { Axis: MixAxis.Batch } mixing)
            RequireEveryBlockSize(mixing, options);

        _context = context;
        _options = options.Copy();
        _options.Seed ??= ((IHostEnvironment)context).Register(nameof(NoiseEstimator)).Rand.Next();
    }

    /// <summary>Checks the column. With <see cref="NoiseScope.Training"/>, the transformer will put noise on this very view object and on no other.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, is no known-size vector of Single, or lacks the axis that is mixed.</exception>
    /// <exception cref="InvalidOperationException">The mixing is singular over the column's axis.</exception>
    public NoiseTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        NoiseColumn.Find(input.Schema, _options);
        // What a saved model holds instead of the noise: ML.NET's own copy, which any application can load.
        var identity = _context.Transforms.CopyColumns(_options.OutputColumnName, _options.InputColumnName ?? _options.OutputColumnName).Fit(input);
        return new(_options, identity, input);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var name = _options.InputColumnName ?? _options.OutputColumnName;
        var column = inputSchema.FirstOrDefault(column => column.Name == name);
        if (column.Name is null)
            throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Could not find input column '{name}'.");
        if (column.Kind != SchemaShape.Column.VectorKind.Vector || column.ItemType != NumberDataViewType.Single || column.IsKey)
        {
            throw new ArgumentOutOfRangeException(nameof(inputSchema),
                $"Schema mismatch for input column '{name}': expected known-size Vector<Single>, got {column.Kind}<{column.ItemType}>.");
        }
        var output = NoiseAnnotations.DescribeShape(_options.OutputColumnName, _options.Noise!, _options.Scope, column.Annotations);
        return OutputSchema.Append(_context, inputSchema, [output]);
    }

    /// <summary>The last block of a view may have any size up to the full one, and it is too late then to find that it cannot be mixed.</summary>
    private static void RequireEveryBlockSize(LinearTransformNoise noise, Options options)
    {
        try
        {
            for (var size = options.BatchSize; size >= 1; size--)
                noise.ThrowIfSingular(size);
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException(
                $"Column '{options.InputColumnName ?? options.OutputColumnName}', in blocks of up to {options.BatchSize} rows: {exception.Message}", exception);
        }
    }
}
