using Microsoft.ML;
using NoisyNN.Models.Networks;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Models.Features;

/// <summary>
/// Puts the activations of a named layer of a network into a vector column. The network is used as it is, in evaluation; nothing is fitted.
/// Layers are named by
/// <see cref="Classifier.Layers"/>.
/// </summary>
public sealed class FeaturesEstimator : IEstimator<FeaturesTransformer>
{
    readonly MLContext _context;
    readonly FeaturesTransformer _transformer;

    /// <exception cref="ArgumentException">The network has no such layer; the message lists those that it has.</exception>
    public FeaturesEstimator(MLContext context, Options options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Network);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.OutputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.InputColumnName);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        _context = context;
        _transformer = new FeaturesTransformer(context, options);
    }

    /// <summary>Options of <see cref="FeaturesEstimator"/>.</summary>
    public sealed class Options
    {
        /// <summary>The column to make.</summary>
        public string OutputColumnName = "Embedding";

        /// <summary>What the network takes: raw pixels, 0..255, or features; a <c>Vector&lt;Single&gt;</c> of known size.</summary>
        public string InputColumnName = "Pixels";

        /// <summary>The network. It stays the caller's, who disposes it.</summary>
        public Classifier? Network;

        /// <summary>The layer's name; null for what the network's head reads.</summary>
        public string? Layer;

        /// <summary>Rows that are computed at once.</summary>
        public int BatchSize = 64;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or holds no rows of the size that the network
    /// takes.</exception>
    public FeaturesTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        VectorColumn.Require(inputSchema, _transformer.InputColumnName);
        return OutputSchema.Append(_context, inputSchema, _transformer.OutputColumns);
    }
}
