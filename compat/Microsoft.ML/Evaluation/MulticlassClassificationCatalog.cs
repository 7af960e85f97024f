using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Choosing one class of several.</summary>
public sealed class MulticlassClassificationCatalog : TrainCatalogBase
{
    internal MulticlassClassificationCatalog(IHostEnvironment env, Host host) : base(env, host) =>
        Trainers = new MulticlassClassificationTrainers(this);

    /// <summary>Where trainers are hung on, as extension methods.</summary>
    public MulticlassClassificationTrainers Trainers { get; }

    /// <summary>Compares the scores of a view, which must be probabilities, with its labels.</summary>
    public MulticlassClassificationMetrics Evaluate(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel", int topKPredictionCount = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        Argument.NonEmpty(labelColumnName);
        Argument.NonEmpty(scoreColumnName);
        Argument.NonEmpty(predictedLabelColumnName);
        ArgumentOutOfRangeException.ThrowIfNegative(topKPredictionCount);
        data.Schema.Require(predictedLabelColumnName, "predicted label", "schema");
        return MulticlassEvaluation.Evaluate(data, labelColumnName, scoreColumnName, topKPredictionCount);
    }

    /// <summary>Fits and evaluates once for each fold.</summary>
    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5, string labelColumnName = "Label", string samplingKeyColumnName = null, int? seed = null)
    {
        Argument.NonEmpty(labelColumnName);
        return [.. Folds(data, estimator, numberOfFolds, samplingKeyColumnName, seed).Select(fold =>
            new CrossValidationResult<MulticlassClassificationMetrics>(
            fold.Model, Evaluate(fold.Scored, labelColumnName), fold.Scored, fold.Fold))];
    }

    /// <summary>Where trainers are hung on, as extension methods.</summary>
    public sealed class MulticlassClassificationTrainers : CatalogInstantiatorBase
    {
        internal MulticlassClassificationTrainers(MulticlassClassificationCatalog catalog) : base(catalog)
        {
        }
    }
}
