using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Tests.Compat.MicrosoftML;

[TestClass]
public class EvaluationTests
{
    private readonly MLContext _ml = new(1);

    private sealed class Scored
    {
        /// <summary>Counts from 0 on the way in.</summary>
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(3)]
        public float[] Score { get; set; } = [];

        [KeyType(3)]
        public uint PredictedLabel { get; set; }
    }

    private static readonly Scored[] _rows =
    [
        new() { Label = 0, Score = [0.5f, 0.25f, 0.25f] },
        new() { Label = 0, Score = [0.25f, 0.5f, 0.25f] },
        new() { Label = 1, Score = [0.25f, 0.5f, 0.25f] },
        new() { Label = 2, Score = [0.25f, 0.25f, 0.5f] },
        // A tie: the first of the largest counts as predicted.
        new() { Label = 1, Score = [0.5f, 0.5f, 0] },
        // A label that is missing does not count.
        new() { Label = 7, Score = [1, 0, 0] },
    ];

    private MulticlassClassificationMetrics Evaluate(int topK = 0) =>
        _ml.MulticlassClassification.Evaluate(_ml.Data.LoadFromEnumerable(_rows), topKPredictionCount: topK);

    [TestMethod]
    public void Accuracies_are_counted_by_hand()
    {
        var metrics = Evaluate();

        Assert.AreEqual(3.0 / 5, metrics.MicroAccuracy, 1e-12);
        Assert.AreEqual((1.0 / 2 + 1.0 / 2 + 1) / 3, metrics.MacroAccuracy, 1e-12);
        Assert.AreEqual(0, metrics.TopKAccuracy);
    }

    [TestMethod]
    public void Log_loss_is_the_mean_of_the_true_classes_surprise()
    {
        var metrics = Evaluate();
        var logLoss = (4 * Math.Log(2) + Math.Log(4)) / 5;
        // Two, two and one of five.
        var entropy = -(0.4 * Math.Log(0.4) + 0.4 * Math.Log(0.4) + 0.2 * Math.Log(0.2));

        Assert.AreEqual(logLoss, metrics.LogLoss, 1e-7);
        Assert.AreEqual((entropy - logLoss) / entropy, metrics.LogLossReduction, 1e-7);
        Assert.AreEqual((Math.Log(2) + Math.Log(4)) / 2, metrics.PerClassLogLoss[0], 1e-7);
    }

    [TestMethod]
    public void The_confusion_matrix_has_a_row_for_each_true_class()
    {
        var confusion = Evaluate().ConfusionMatrix;

        Assert.AreEqual(3, confusion.NumberOfClasses);
        CollectionAssert.AreEqual(new double[] { 1, 1, 0 }, confusion.Counts[0].ToArray());
        CollectionAssert.AreEqual(new double[] { 1, 1, 0 }, confusion.Counts[1].ToArray());
        Assert.AreEqual(1.0, confusion.GetCountForClassPair(predictedClassIndicatorIndex: 0, actualClassIndicatorIndex: 1));
        Assert.AreEqual(0.5, confusion.PerClassPrecision[0]);
        Assert.AreEqual(0.5, confusion.PerClassRecall[1]);
        StringAssert.Contains(confusion.GetFormattedConfusionTable(), "Confusion table");
    }

    [TestMethod]
    public void The_best_two_are_counted_when_asked_for()
    {
        var metrics = Evaluate(topK: 2);

        Assert.AreEqual(2, metrics.TopKPredictionCount);
        Assert.AreEqual(0.6, metrics.TopKAccuracyForAllK[0], 1e-12);
        // The second row's true class has an equal third, but comes first; the tie's is second.
        Assert.AreEqual(1.0, metrics.TopKAccuracy, 1e-12);
    }

    [TestMethod]
    public void Columns_of_the_wrong_type_are_refused()
    {
        var view = _ml.Data.LoadFromEnumerable(_rows);

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Evaluate(view, labelColumnName: "Nothing"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Evaluate(view, labelColumnName: "Score"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Evaluate(view, scoreColumnName: "Label"));
    }

    [TestMethod]
    public void Cross_validation_fits_and_scores_every_fold_with_a_foreign_estimator()
    {
        var view = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 90).Select(i =>
            new Scored { Label = (uint)(i % 3), Score = [0.5f, 0.25f, 0.25f] }).ToList());
        var estimator = new Identity();
        var results = _ml.MulticlassClassification.CrossValidate(view, estimator, numberOfFolds: 3, seed: 4);

        Assert.HasCount(3, results);
        Assert.AreEqual(3, estimator.Fits);
        Assert.AreEqual(90, results.Sum(r => r.ScoredHoldOutSet.GetColumn<uint>("Label").Count()));
        var all = results.SelectMany(r => r.ScoredHoldOutSet.GetColumn<uint>("Label")).ToList();
        var correct = results.Sum(r => r.Metrics.MicroAccuracy * r.ScoredHoldOutSet.GetColumn<uint>("Label").Count());
        Assert.AreEqual(all.Count(l => l == 1), correct, 1e-9);
    }

    private sealed class Identity : IEstimator<ITransformer>
    {
        public int Fits { get; private set; }

        public ITransformer Fit(IDataView input)
        {
            Fits++;
            return new TransformerChain<ITransformer>();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
