using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.NoiseColumns;

/// <summary>A noise on columns. See <see cref="NoiseEstimator"/>.</summary>
/// <remarks>
/// With <see cref="NoiseScope.Training"/> the noise acts only on the view object that the transformer was fitted on. A pipeline passes
/// this object on while you fit it. Every other view and single rows pass unchanged. If the noise is the first step of a model, that
/// object gets the noise again when you score it. Score another view of the same data instead.
/// </remarks>
public sealed class NoiseTransformer : ITransformer
{
    readonly NoiseEstimator.Options _options;
    readonly ITransformer _identity;
    readonly WeakReference<IDataView> _trainingView;

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

    /// <summary>The probability with which a row takes the noise.</summary>
    public double RowProbability => _options.RowProbability;

    /// <summary>The columns that are made, and their inputs.</summary>
    public IReadOnlyList<InputOutputColumnPair> Columns => _options.Pairs;

    /// <summary>False for noise across the batch that stays at scoring time: a single row has no batch.</summary>
    public bool IsRowToRowMapper => !(Noise.IsTransductive && Scope is NoiseScope.Always);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of a type that cannot take the noise, or lacks the axis that is
    /// mixed.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return OutputSchema.Append(inputSchema, NoiseColumn.FindAll(inputSchema, _options).Select(column => column.Output));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, of a type that cannot take the noise, or lacks the axis that is
    /// mixed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var columns = NoiseColumn.FindAll(input.Schema, _options);
        var acts = Scope is NoiseScope.Always || _trainingView.TryGetTarget(out var trainingView) && ReferenceEquals(trainingView, input);
        return acts && Noise.IsTransductive
            ? new BlockMappedDataView(input, new NoiseBlockMapper(columns, _options.RowsPerBatch))
            : new NoiseColumnsView(input, columns, acts);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A <c>PredictionEngine</c> numbers its rows in the order of its predictions. So noise of <see cref="NoiseScope.Always"/> differs
    /// from one prediction to the next.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Noise across the batch that stays at scoring time.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (!IsRowToRowMapper)
        {
            throw new InvalidOperationException(
                $"{Noise.Name} noise across the batch on {ColumnNames} is kept at "
                    + "scoring time, so single rows have no result of their own. "
                    + "Use Transform on a view, or NoiseScope.Training."
            );
        }
        return new NoiseRowMapper(inputSchema, NoiseColumn.FindAll(inputSchema, _options), acts: Scope is NoiseScope.Always);
    }

    /// <summary>Saves ML.NET's own column copy, because the noise is the identity at scoring time.</summary>
    /// <exception cref="NotSupportedException">The noise also acts at scoring time. ML.NET's format cannot store it.</exception>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        if (Scope is NoiseScope.Always)
        {
            throw new NotSupportedException(
                $"{Noise.Name} noise on {ColumnNames} has NoiseScope.Always, which "
                    + "ML.NET's model format cannot carry. Use NoiseScope.Training, "
                    + "or append it with TransformerScope.Training and save GetModelFor(TransformerScope.Scoring)."
            );
        }
        _identity.Save(ctx);
    }

    string ColumnNames =>
        $"column{(Columns.Count > 1 ? "s" : "")} {string.Join(", ", Columns.Select(pair => $"'{pair.InputColumnName}'"))}";
}
