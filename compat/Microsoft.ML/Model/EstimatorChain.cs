using System;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Estimators that are fitted one after another, each on what those before it make of the training view.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    private readonly IEstimator<ITransformer>[] _estimators;
    private readonly TransformerScope[] _scopes;
    private readonly bool[] _cacheAfter;

    public readonly IEstimator<TLastTransformer> LastEstimator;

    public EstimatorChain() : this([], [], [])
    {
    }

    private EstimatorChain(IEstimator<ITransformer>[] estimators, TransformerScope[] scopes, bool[] cacheAfter)
    {
        _estimators = estimators;
        _scopes = scopes;
        _cacheAfter = cacheAfter;
        LastEstimator = estimators.LastOrDefault() as IEstimator<TLastTransformer>;
    }

    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        // A mismatch of schemas should show before any estimator does work.
        GetOutputSchema(SchemaShape.Create(input.Schema));

        var current = input;
        var transformers = new ITransformer[_estimators.Length];
        for (var i = 0; i < _estimators.Length; i++)
        {
            transformers[i] = _estimators[i].Fit(current);
            current = transformers[i].Transform(current);
            if (_cacheAfter[i] && i < _estimators.Length - 1)
                current = new CachedView(current);
        }
        return new TransformerChain<TLastTransformer>(transformers, _scopes);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        _estimators.Aggregate(inputSchema, (shape, estimator) => estimator.GetOutputSchema(shape));

    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator,
        TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return new EstimatorChain<TNewTrans>([.. _estimators, estimator], [.. _scopes, scope], [.. _cacheAfter, false]);
    }

    /// <summary>Keeps what the last estimator yields in memory for those that follow.</summary>
    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        ArgumentNullException.ThrowIfNull(env);
        return _estimators.Length > 0
            ? new EstimatorChain<TLastTransformer>(_estimators, _scopes, [.. _cacheAfter[..^1], true])
            : throw new InvalidOperationException("Current estimator chain has no estimator, can't append cache checkpoint.");
    }
}
