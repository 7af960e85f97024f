using Microsoft.ML;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Training.Folds;

namespace NoisyNN;

public sealed partial class VisionCatalog
{
    /// <summary>
    /// Trains and tests on stratified folds (<see cref="Models.Training.Folds.KFold"/>): k models, each tested on the rows that it was not
    /// trained on.
    /// </summary>
    /// <param name="data">All rows.</param>
    /// <param name="estimator">A trainer of this catalog, or a chain that ends in one. Its models are disposed after their test.</param>
    /// <param name="folds">k, at least 2.</param>
    /// <param name="labelColumnName">A key column with key values.</param>
    /// <param name="seed">The seed that decides which rows are in a fold.</param>
    /// <exception cref="ArgumentException">A class has fewer rows than there are folds.</exception>
    public KFoldResult KFold(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int folds = 5,
        string labelColumnName = "Label",
        int seed = 1
    )
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return new KFoldResult([
            .. Models
                .Training.Folds.KFold.Split(data, folds, labelColumnName, seed)
                .Select(fold =>
                {
                    var model = estimator.Fit(fold.Train);
                    using var network = NetworkTransformer.FindIn(model);
                    return context.MulticlassClassification.Evaluate(
                        model.Transform(fold.Test),
                        labelColumnName,
                        network.ScoreColumnName,
                        network.PredictedLabelColumnName
                    );
                }),
        ]);
    }
}
