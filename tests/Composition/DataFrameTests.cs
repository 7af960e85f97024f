using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks.Probe;
using NoisyNN.Tests.Training;

namespace NoisyNN.Tests.Composition;

/// <summary>A <see cref="DataFrame"/> is a view like any other.</summary>
[TestClass]
public sealed class DataFrameTests
{
    readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Columns_of_a_data_frame_train_and_are_scored()
    {
        var frame = Frame(120);
        var model = _context
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.Transforms.Concatenate("Features", "Left", "Right"))
            .Append(_context.Noise.Gaussian("Features", standardDeviation: 0.05))
            .Append(
                _context.Vision.NoisyClassifier(
                    new NoisyClassifierTrainer.Options
                    {
                        MaxEpoch = 20,
                        LearningRate = 3e-2,
                        Seed = 1,
                        LogEverySteps = 0,
                    }
                )
            )
            .Append(_context.Transforms.Conversion.MapKeyToValue("Text", "PredictedLabel"))
            .Fit(frame);

        var scored = model.Transform(Frame(60, seed: 2));

        Assert.IsGreaterThan(0.9, _context.MulticlassClassification.Evaluate(scored).MicroAccuracy);
        var back = _context.Transforms.SelectColumns("Text", "Score").Fit(scored).Transform(scored).ToDataFrame();
        Assert.AreEqual(60, back.Rows.Count);
        Assert.AreSequenceEqual(scored.GetColumn<string>("Text"), back["Text"].Cast<string>());
    }

    [TestMethod]
    public void Pixels_in_columns_of_their_own_train_an_image_network_that_was_given_their_size()
    {
        var images = new PlantedImages();
        var rows = PlantedImages.Rows(60);
        var names = Enumerable.Range(0, 36).Select(index => $"p{index}").ToArray();
        var frame = new DataFrame([
            .. names.Select((name, index) => new SingleDataFrameColumn(name, rows.Select(row => row.Pixels[index]))),
            new StringDataFrameColumn("Label", rows.Select(row => row.Label)),
        ]);

        var model = images
            .Context.Transforms.Conversion.MapValueToKey("Label")
            .Append(images.Context.Transforms.Concatenate("Pixels", names))
            .Append(images.Context.Vision.NoisyViT(images.Options(epochs: 16)))
            .Fit(frame);

        Assert.IsGreaterThan(0.8, images.Context.MulticlassClassification.Evaluate(model.Transform(frame)).MicroAccuracy);
    }

    static DataFrame Frame(int count, int seed = 1)
    {
        var random = new Random(seed);
        var classes = Enumerable.Range(0, count).Select(index => index % 2).ToArray();
        return new(
            new SingleDataFrameColumn("Left", classes.Select(one => one + random.NextSingle() / 2)),
            new SingleDataFrameColumn("Right", classes.Select(_ => random.NextSingle())),
            new StringDataFrameColumn("Label", classes.Select(one => one == 0 ? "low" : "high"))
        );
    }
}
