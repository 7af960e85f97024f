using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Probe;
using NoisyNN.Models.Prediction;
using NoisyNN.Tests.Training;

namespace NoisyNN.Tests.Composition;

/// <summary>ML.NET's permutation feature importance takes trained networks as it takes its own models.</summary>
[TestClass]
public sealed class PermutationImportanceTests
{
    readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void The_one_feature_that_tells_the_classes_apart_is_found()
    {
        var view = View();
        using var model = Train(view);

        var importance = _context.MulticlassClassification.PermutationFeatureImportance(model, model.Transform(view), permutationCount: 3);

        Assert.HasCount(3, importance);
        Assert.IsLessThan(-0.2, importance[1].MicroAccuracy.Mean);
        Assert.AreEqual(0, importance[2].MicroAccuracy.Mean);
        Assert.IsGreaterThan(importance[1].MicroAccuracy.Mean + 0.2, importance[0].MicroAccuracy.Mean);
    }

    [TestMethod]
    public void The_network_of_a_chain_is_asked_for_by_name()
    {
        var view = View();
        var chain = new EstimatorChain<ITransformer>()
            .Append(_context.Transforms.CopyColumns("Copy", "Features"))
            .Append(Trainer)
            .Fit(view);

        var importance = _context.MulticlassClassification.PermutationFeatureImportance(
            NetworkTransformer.FindIn(chain),
            chain.Transform(view),
            permutationCount: 3
        );

        Assert.AreEqual(1, importance.IndexOf(importance.MinBy(feature => feature.MicroAccuracy.Mean)!));
    }

    [TestMethod]
    public void A_network_says_what_it_was_trained_on()
    {
        var images = new PlantedImages();
        using var model = images.Context.Vision.NoisyViT(images.Options(epochs: 1)).Fit(images.View(30));

        ISingleFeaturePredictionTransformer<Classifier> predictor = model;

        Assert.AreEqual("Pixels", predictor.FeatureColumnName);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 1, 6, 6), predictor.FeatureColumnType);
        Assert.AreSame(model.Network, predictor.Model);
    }

    NetworkTransformer Train(IDataView view) => Trainer.Fit(view);

    NoisyClassifierTrainer Trainer =>
        _context.Vision.NoisyClassifier(
            new NoisyClassifierTrainer.Options
            {
                MaxEpoch = 20,
                LearningRate = 3e-2,
                Seed = 1,
                LogEverySteps = 0,
            }
        );

    IDataView View()
    {
        var random = new Random(1);
        var rows = Enumerable
            .Range(0, 120)
            .Select(index => new Row
            {
                Noise = random.NextSingle(),
                Signal = index % 2 + random.NextSingle() / 4,
                Constant = 1,
                Label = index % 2 == 0 ? "even" : "odd",
            })
            .ToArray();
        var view = _context.Data.LoadFromEnumerable(rows);
        return _context
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.Transforms.Concatenate("Features", ["noise", "signal", "constant"]))
            .Fit(view)
            .Transform(view);
    }

    sealed class Row
    {
        [ColumnName("noise")]
        public float Noise { get; set; }

        [ColumnName("signal")]
        public float Signal { get; set; }

        [ColumnName("constant")]
        public float Constant { get; set; }

        public string Label { get; set; } = "";
    }
}
