using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;

namespace NoisyNN.Transforms.Nuisances;

/// <summary>A nuisance on a column of pixels. See <see cref="NuisanceEstimator"/>.</summary>
public sealed class NuisanceTransformer : ITransformer
{
    readonly NuisanceEstimator.Options _options;
    readonly IReadOnlyList<float[]> _others;

    internal NuisanceTransformer(NuisanceEstimator.Options options, IReadOnlyList<float[]> others) =>
        (_options, _others) = (options, others);

    /// <summary>The nuisance.</summary>
    public NuisanceDefinition Nuisance => _options.Nuisance!;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or no image.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return OutputSchema.Append(inputSchema, Mapper(inputSchema).OutputColumns);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or no image.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BlockMappedDataView(input, Mapper(input.Schema));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or no image.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BlockRowMapper(inputSchema, Mapper(inputSchema));
    }

    /// <exception cref="NotSupportedException">Always: ML.NET's format has no nuisances.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException(
            $"A nuisance ({Nuisance.Name}) makes data for an experiment, and cannot be saved with a model. Save the steps after it."
        );

    NuisanceMapper Mapper(DataViewSchema schema)
    {
        NuisanceEstimator.FindImages(schema, _options.Input, out var shape);
        return new(_options, shape, _others);
    }
}
