using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Training.Folds;

namespace NoisyNN.Tests.Training;

[TestClass]
public class KFoldTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(5)]
    public void Every_row_is_tested_once_and_each_class_is_spread_evenly(int folds)
    {
        // 22 rows of the first class, 21 of the others.
        var data = _images.View(64);
        var splits = KFold.Split(data, folds, seed: 3);
        Assert.HasCount(folds, splits);
        var all = Ids(data);
        Assert.AreSequenceEqual(all, splits.SelectMany(split => Ids(split.Test)).Order());
        foreach (var (train, test) in splits)
        {
            Assert.AreSequenceEqual(all, Ids(train).Concat(Ids(test)).Order());
            Assert.IsLessThanOrEqualTo(1, Math.Abs(Ids(test).Count - 64 / folds));
            var counts = test.GetColumn<uint>("Label").CountBy(key => key).Select(pair => pair.Value).ToArray();
            Assert.HasCount(3, counts);
            Assert.IsTrue(counts.All(count => count >= 21 / folds && count <= (22 + folds - 1) / folds), string.Join(' ', counts));
        }
        // The same seed gives the same folds, another one others.
        Assert.AreSequenceEqual(Ids(splits[0].Test), Ids(KFold.Split(data, folds, seed: 3)[0].Test));
        Assert.IsFalse(Ids(splits[0].Test).SequenceEqual(Ids(KFold.Split(data, folds, seed: 4)[0].Test)));
    }

    [TestMethod]
    public void Folds_of_a_chain_are_trained_tested_and_summed_up()
    {
        var pipeline = new EstimatorChain<ITransformer>().Append<ITransformer>(_images.Context.Vision.NoisyViT(_images.Options(epochs: 5)));
        var result = _images.Context.Vision.KFold(_images.View(150), pipeline, folds: 3);
        Assert.HasCount(3, result.Folds);
        double[] accuracies = [.. result.Folds.Select(fold => fold.MicroAccuracy)];
        Assert.AreEqual(accuracies.Sum() / 3, result.MeanAccuracy, 1e-12);
        Assert.AreEqual(
            Math.Sqrt(accuracies.Sum(accuracy => Math.Pow(accuracy - result.MeanAccuracy, 2)) / 2),
            result.AccuracyStandardDeviation,
            1e-12
        );
        Assert.IsGreaterThan(0.6, result.MeanAccuracy);
        Assert.Contains("±", result.ToString());
    }

    [TestMethod]
    public void ML_NETs_own_cross_validation_takes_the_trainer()
    {
        var results = _images.Context.MulticlassClassification.CrossValidate(
            _images.View(120),
            _images.Context.Vision.NoisyViT(_images.Options(epochs: 5)),
            numberOfFolds: 2
        );
        Assert.HasCount(2, results);
        foreach (var result in results)
        {
            Assert.IsGreaterThan(0.5, result.Metrics.MicroAccuracy);
            ((NetworkTransformer)result.Model).Dispose();
        }
    }

    [TestMethod]
    public void A_class_with_fewer_rows_than_folds_and_a_missing_label_are_refused()
    {
        Assert.Contains(
            "'left' has 3 rows, too few for 4 folds",
            Assert.Throws<ArgumentException>(() => KFold.Split(_images.View(9), 4)).Message
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => KFold.Split(_images.View(9), 1));
        var unknown = PlantedImages.Rows(9);
        unknown[4].Label = "elsewhere";
        Assert.Contains("Row 4 has no label", Assert.Throws<InvalidDataException>(() => KFold.Split(_images.View(unknown), 2)).Message);
    }

    static List<ulong> Ids(IDataView view)
    {
        var ids = new List<ulong>();
        using var cursor = view.GetRowCursor(view.Schema);
        var getId = cursor.GetIdGetter();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getId(ref id);
            ids.Add(id.Low);
        }
        return ids;
    }
}
