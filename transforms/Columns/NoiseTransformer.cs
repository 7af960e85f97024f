using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.Columns;

/// <summary>A noise on a column. See <see cref="NoiseEstimator"/>.</summary>
/// <remarks>
/// With <see cref="NoiseScope.Training"/> it acts on the view object that it was fitted on, which is what a pipeline passes on while it is fitted, and is the identity on
/// every other view and on single rows. One corner: scoring that very view object again, through a model whose first step is the noise, is scoring under noise;
/// pass another view of the same data instead.
/// </remarks>
public sealed class NoiseTransformer : ITransformer
{
    private readonly NoiseEstimator.Options _options;
    private readonly ITransformer _identity;
    private readonly WeakReference<IDataView> _trainingView;

    internal NoiseTransformer(NoiseEstimator.Options options, ITransformer identity, IDataView trainingView)
    {
        _options = options;
        _identity = identity;
        _trainingView = new(trainingView);
    }

    /// <summary>The noise.</summary>
    public NoiseDefinition Noise => _options.Noise!;

    /// <summary>When it acts.</summary>
    public NoiseScope Scope => _options.Scope;

    /// <summary>The column that is made.</summary>
    public string OutputColumnName => _options.OutputColumnName;

    /// <summary>The column that the noise is put on.</summary>
    public string InputColumnName => _options.InputColumnName ?? _options.OutputColumnName;

    /// <summary>False for noise across the batch that stays at scoring time: a single row has no batch.</summary>
    public bool IsRowToRowMapper => !(Noise.IsTransductive && Scope is NoiseScope.Always);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, is no known-size vector of Single, or lacks the axis that is mixed.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return OutputSchema.Append(inputSchema, [NoiseColumn.Find(inputSchema, _options).Output]);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, is no known-size vector of Single, or lacks the axis that is mixed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = NoiseColumn.Find(input.Schema, _options);
        var acts = Scope is NoiseScope.Always || _trainingView.TryGetTarget(out var trainingView) && ReferenceEquals(trainingView, input);
        return acts && Noise.IsTransductive
            ? new BlockMappedDataView(input, new NoiseBlockMapper(column, _options.BatchSize))
            : new NoiseColumnView(input, column, GetterFactory(column, acts));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Noise across the batch that stays at scoring time.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (!IsRowToRowMapper)
        {
            throw new InvalidOperationException(
                $"{Noise.Name} noise across the batch on column '{InputColumnName}' is kept at scoring time, so single rows have no result of their own. " +
                "Use Transform on a view, or NoiseScope.Training.");
        }
        var column = NoiseColumn.Find(inputSchema, _options);
        return new NoiseRowMapper(inputSchema, column, GetterFactory(column, Scope is NoiseScope.Always));
    }

    /// <summary>Saves the identity that the noise is at scoring time, as ML.NET's own column copy.</summary>
    /// <exception cref="NotSupportedException">The noise is kept at scoring time, which ML.NET's format cannot carry.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        if (Scope is NoiseScope.Always)
        {
            throw new NotSupportedException(
                $"{Noise.Name} noise on column '{InputColumnName}' has NoiseScope.Always, which ML.NET's model format cannot carry. Use NoiseScope.Training, " +
                "or append it with TransformerScope.Training and save GetModelFor(TransformerScope.Scoring).");
        }
        _identity.Save(ctx);
    }

    private static Func<DataViewRow, ValueGetter<VBuffer<float>>> GetterFactory(NoiseColumn column, bool acts) =>
        acts ? column.CreateNoiseGetter : column.CreateIdentityGetter;
}
