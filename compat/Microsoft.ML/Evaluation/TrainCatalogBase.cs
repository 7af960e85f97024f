using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What the catalogs of learning tasks have in common.</summary>
public abstract class TrainCatalogBase
{
    private readonly Host _host;

    private protected TrainCatalogBase(IHostEnvironment env, Host host)
    {
        Environment = env;
        _host = host;
    }

    private protected IHostEnvironment Environment { get; }

    /// <summary>Fits and scores once for each fold.</summary>
    private protected List<(ITransformer Model, IDataView Scored, int Fold)> Folds(IDataView data, IEstimator<ITransformer> estimator,
        int numberOfFolds, string samplingKeyColumnName, int? seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        var splits = new DataOperationsCatalog(Environment, _host).CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed);
        return [.. splits.Select((split, fold) =>
        {
            var model = estimator.Fit(split.TrainSet);
            var scored = model is IScopedTransformer chain ? chain.Transform(split.TestSet, TransformerScope.Everything)
                : model.Transform(split.TestSet);
            return (model, scored, fold);
        })];
    }

    /// <summary>The base of the catalogs' inner catalogs.</summary>
    public abstract class CatalogInstantiatorBase
    {
        private protected CatalogInstantiatorBase(TrainCatalogBase owner) => Owner = owner;

        private protected TrainCatalogBase Owner { get; }
    }

    /// <summary>The model of one fold and what it is worth.</summary>
    public sealed class CrossValidationResult<T> where T : class
    {
        public readonly T Metrics;
        public readonly ITransformer Model;
        public readonly IDataView ScoredHoldOutSet;
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scored, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scored;
            Fold = fold;
        }
    }
}

/// <summary>A chain whose steps can be chosen by scope, whatever the type of its last transformer.</summary>
internal interface IScopedTransformer
{
    IDataView Transform(IDataView input, TransformerScope scope);
}
