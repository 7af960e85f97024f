using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Tests.Training;

namespace NoisyNN.Tests.Composition;

/// <summary><c>Features</c> before each kind of ML.NET's trainers: it learns, and is the same after Save and Load.</summary>
[TestClass]
public sealed class FeaturesBeforeTrainersTests
{
    static readonly Dictionary<string, Func<MLContext, IEstimator<ITransformer>>> s_classifiers = new()
    {
        ["SdcaMaximumEntropy"] = ml =>
            ml.MulticlassClassification.Trainers.SdcaMaximumEntropy("Label", "Embedding", maximumNumberOfIterations: 20),
        ["LbfgsMaximumEntropy"] = ml => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Label", "Embedding"),
        ["NaiveBayes"] = ml => ml.MulticlassClassification.Trainers.NaiveBayes("Label", "Embedding"),
        ["LightGbm"] = ml =>
            ml.MulticlassClassification.Trainers.LightGbm(
                new LightGbmMulticlassTrainer.Options
                {
                    LabelColumnName = "Label",
                    FeatureColumnName = "Embedding",
                    NumberOfLeaves = 4,
                    MinimumExampleCountPerLeaf = 5,
                    NumberOfIterations = 10,
                    NumberOfThreads = 1,
                }
            ),
        ["FastTree, one against all"] = ml =>
            ml.MulticlassClassification.Trainers.OneVersusAll(
                ml.BinaryClassification.Trainers.FastTree(
                    featureColumnName: "Embedding",
                    numberOfLeaves: 4,
                    numberOfTrees: 10,
                    minimumExampleCountPerLeaf: 5
                ),
                labelColumnName: "Label"
            ),
    };

    readonly PlantedImages _images = new();

    MLContext Context => _images.Context;

    public static IEnumerable<object[]> Classifiers => s_classifiers.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Classifiers))]
    public void A_classifier_learns_and_predicts_the_same_after_save_and_load(string trainer)
    {
        using var network = Network();
        var train = _images.View(90);
        var model = Embedding(network).AppendCacheCheckpoint(Context).Append(s_classifiers[trainer](Context)).Fit(train);

        var test = _images.View(30, seed: 3);
        var (before, after) = (model.Transform(test), Reload(model, train.Schema).Transform(test));

        // Bayes knows only which features are above 0.
        var least = trainer == "NaiveBayes" ? 0.4 : 0.8;
        Assert.IsGreaterThan(least, Context.MulticlassClassification.Evaluate(before).MicroAccuracy, trainer);
        Assert.AreSequenceEqual(before.GetColumn<uint>("PredictedLabel"), after.GetColumn<uint>("PredictedLabel"));
        AssertClose(before.GetColumn<float[]>("Score"), after.GetColumn<float[]>("Score"));
        Assert.AreEqual(before.Schema["Embedding"].Type, after.Schema["Embedding"].Type);
    }

    [TestMethod]
    public void Clusters_are_the_same_after_save_and_load()
    {
        using var network = Network();
        var train = _images.View(90);
        var model = Embedding(network).Append(Context.Clustering.Trainers.KMeans("Embedding", numberOfClusters: 3)).Fit(train);

        var (before, after) = (model.Transform(train), Reload(model, train.Schema).Transform(train));

        Assert.AreSequenceEqual(before.GetColumn<uint>("PredictedLabel"), after.GetColumn<uint>("PredictedLabel"));
        Assert.HasCount(3, before.GetColumn<uint>("PredictedLabel").Distinct());
    }

    [TestMethod]
    public void Principal_components_are_the_same_after_save_and_load()
    {
        using var network = Network();
        var train = _images.View(90);
        var model = Embedding(network).Append(Context.Transforms.ProjectToPrincipalComponents("Axes", "Embedding", rank: 2)).Fit(train);

        var (before, after) = (model.Transform(train), Reload(model, train.Schema).Transform(train));

        AssertClose(before.GetColumn<float[]>("Axes"), after.GetColumn<float[]>("Axes"));
        Assert.IsGreaterThan(
            0.1f,
            before.GetColumn<float[]>("Axes").Max(axes => axes[0]) - before.GetColumn<float[]>("Axes").Min(axes => axes[0])
        );
    }

    [TestMethod]
    public void A_prediction_engine_over_the_saved_chain_predicts_what_the_chain_does()
    {
        using var network = Network();
        var train = _images.TextView(90);
        var model = Context
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(Embedding(network))
            .AppendCacheCheckpoint(Context)
            .Append(Context.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Label", "Embedding"))
            .Append(Context.Transforms.Conversion.MapKeyToValue("Text", "PredictedLabel"))
            .Fit(train);
        var rows = PlantedImages.Rows(12, seed: 3);
        var expected = model.Transform(_images.TextView(12, seed: 3)).GetColumn<string>("Text").ToArray();

        var fresh = new MLContext();
        using var engine = fresh.Model.CreatePredictionEngine<PlantedImages.Row, Prediction>(Reload(model, train.Schema, fresh));

        Assert.AreSequenceEqual(expected, rows.Select(row => engine.Predict(row).Text));
    }

    [TestMethod]
    public void Folds_of_cross_validation_train_behind_features()
    {
        using var network = Network();
        var pipeline = Embedding(network)
            .AppendCacheCheckpoint(Context)
            .Append(Context.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Label", "Embedding"));

        var folds = Context.MulticlassClassification.CrossValidate(_images.View(90), pipeline, numberOfFolds: 3);

        Assert.HasCount(3, folds);
        Assert.IsGreaterThan(0.8, folds.Average(fold => fold.Metrics.MicroAccuracy));
    }

    [TestMethod]
    public void A_split_keeps_the_rows_features()
    {
        using var network = Network();
        var view = _images.View(60);
        var embedded = Embedding(network).Fit(view).Transform(view);

        var split = Context.Data.TrainTestSplit(embedded, testFraction: 0.25, seed: 1);

        var parts = split.TrainSet.GetColumn<float[]>("Embedding").Concat(split.TestSet.GetColumn<float[]>("Embedding"));
        Assert.AreSequenceEqual(
            embedded.GetColumn<float[]>("Embedding").Select(row => string.Join(' ', row)).Order(StringComparer.Ordinal),
            parts.Select(row => string.Join(' ', row)).Order(StringComparer.Ordinal)
        );
    }

    [TestMethod]
    public void A_sweep_over_options_trains_a_model_for_each()
    {
        // As AutoML sweeps: estimators that are made from options, fitted on one view, compared on another.
        var (train, test) = (_images.View(90), _images.View(60, seed: 3));
        var accuracies = new Dictionary<double, double>();
        foreach (var rate in new[] { 1e-6, 3e-3 })
        {
            var options = _images.Options(epochs: 12);
            options.LearningRate = rate;
            using var model = Context.Vision.NoisyViT(options).Fit(train);
            accuracies[rate] = Context.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
        }

        Assert.IsGreaterThan(accuracies[1e-6] + 0.2, accuracies[3e-3]);
    }

    IEstimator<ITransformer> Embedding(NoisyViT network) => Context.Vision.Features("Embedding", "Pixels", network, batchSize: 16);

    ITransformer Reload(ITransformer model, DataViewSchema schema, MLContext? fresh = null)
    {
        using var stream = new MemoryStream();
        Context.Model.Save(model, schema, stream);
        stream.Position = 0;
        return (fresh ?? new MLContext()).Model.Load(stream, out _);
    }

    /// <summary>A network that tells the planted classes apart, so that what it computes is worth learning from.</summary>
    NoisyViT Network() => (NoisyViT)Context.Vision.NoisyViT(_images.Options(epochs: 12)).Fit(_images.View(120, seed: 9)).Network;

    static void AssertClose(IEnumerable<float[]> expected, IEnumerable<float[]> actual)
    {
        foreach (var (first, second) in expected.Zip(actual))
            for (var index = 0; index < first.Length; index++)
                Assert.AreEqual(first[index], second[index], 1e-3f);
    }

    sealed class Prediction
    {
        public string Text { get; set; } = "";
    }
}
