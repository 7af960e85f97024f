using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace NoisyNN.Transforms.Entropy.Estimators;

/// <summary>
/// H(Y) less the cross entropy of a logistic regression on rows that it was not trained on. Apart from the error of H(Y), its expectation
/// is at most I(X;Y). Below 0, it says nothing. The regression is ML.NET's <see cref="LbfgsMaximumEntropyMulticlassTrainer"/> on z-scores.
/// </summary>
public sealed record ProbeInformation : InformationEstimator
{
    /// <summary>The number of parts of the cross-validation.</summary>
    public int Folds
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(Folds), value, "Folds must be at least 2.");
    } = 5;

    /// <summary>The weight of the squared coefficients beside the sum of the rows' losses.</summary>
    public double Regularization
    {
        get;
        init =>
            field =
                double.IsFinite(value) && value >= 0
                    ? value
                    : throw new ArgumentOutOfRangeException(
                        nameof(Regularization),
                        value,
                        "Regularization must be a number of at least 0."
                    );
    } = 1;

    /// <inheritdoc/>
    public override string Name => "probe";

    /// <inheritdoc/>
    public override string Description => $"lower bound: logistic regression, {Folds}-fold cross-validation";

    /// <inheritdoc/>
    public override double Estimate(PairedRows rows, int seed = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var sizes = rows.Classes.Indexes.CountBy(one => one).Select(pair => pair.Value).ToArray();
        if (sizes.Length == 1)
            return 0;
        if (rows.Features.RowCount < 2 * Folds)
            throw new ArgumentException(
                $"{rows.Features.RowCount} rows are too few for {Folds} folds; give at least {2 * Folds}.",
                nameof(rows)
            );

        // One thread, because the sums of several depend on which is first.
        var ml = new MLContext(seed);
        var trainer = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                L1Regularization = 0,
                L2Regularization = (float)Regularization,
                NumberOfThreads = 1,
            }
        );
        var view = View(ml, rows);
        var data = ml
            .Transforms.Conversion.MapValueToKey(Row.Label, nameof(Row.Class), keyOrdinality: KeyOrdinality.ByValue)
            .Fit(view)
            .Transform(view);
        int[] scores = [.. rows.Classes.Indexes.Distinct().Order()];
        var loss = 0.0;
        foreach (var fold in ml.Data.CrossValidationSplit(data, Folds, seed: seed))
        {
            cancellation.ThrowIfCancellationRequested();
            var scored = trainer.Fit(fold.TrainSet).Transform(fold.TestSet);
            foreach (var row in ml.Data.CreateEnumerable<Scored>(scored, reuseRowObject: true))
                loss -= Math.Log(Math.Max(row.Score[Array.BinarySearch(scores, row.Class)], float.Epsilon));
        }
        var count = rows.Features.RowCount;
        return BitsPerNat / count * (sizes.Sum(size => -size * Math.Log((double)size / count)) - loss);
    }

    static IDataView View(MLContext ml, PairedRows rows)
    {
        var scaled = rows.Features.Scale(FeatureScaling.ZScore);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, scaled.Dimension);
        return ml.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, scaled.RowCount)
                .Select(row => new Row
                {
                    Features = Array.ConvertAll(scaled[row].ToArray(), value => (float)value),
                    Class = rows.Classes.Indexes[row],
                })
                .ToArray(),
            schema
        );
    }

    sealed class Row
    {
        /// <summary>The name of the key column that is made of <see cref="Class"/>.</summary>
        public const string Label = nameof(Label);

        public float[] Features { get; set; } = [];

        public int Class { get; set; }
    }

    sealed class Scored
    {
        public float[] Score { get; set; } = [];

        public int Class { get; set; }
    }
}
