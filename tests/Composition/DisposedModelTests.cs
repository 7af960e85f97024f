using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Tests.Training;

namespace NoisyNN.Tests.Composition;

/// <summary>A model that was disposed of says so, says why, and what to do.</summary>
[TestClass]
public sealed class DisposedModelTests
{
    readonly PlantedImages _images = new();

    MLContext Context => _images.Context;

    [TestMethod]
    public void A_network_that_a_prediction_engine_disposed_of_names_the_engine_and_the_remedy()
    {
        var view = _images.View(30);
        var model = Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(view);
        var lazy = model.Transform(view);
        Context.Model.CreatePredictionEngine<PlantedImages.Row, Scored>(model, new PredictionEngineOptions()).Dispose();
        using var folder = new TemporaryFolder();

        AssertSaysSo("NetworkTransformer", () => model.Transform(view));
        AssertSaysSo("NetworkTransformer", () => model.GetOutputSchema(view.Schema));
        AssertSaysSo("NetworkTransformer", () => _ = lazy.GetColumn<float[]>("Score").ToArray());
        AssertSaysSo("NetworkTransformer", () => Context.Vision.SaveAsOnnx(model, folder["model.onnx"]));
        AssertSaysSo("NetworkTransformer", () => Context.Vision.Features("Embedding", "Pixels", model));
        AssertSaysSo("NetworkTransformer", () => Context.Model.CreatePredictionEngine<PlantedImages.Row, Scored>(model));
        AssertSaysSo("NetworkTransformer", () => Context.Model.Save(model, view.Schema, folder["model.zip"]));
        Assert.IsFalse(File.Exists(folder["model.onnx"]));
    }

    [TestMethod]
    public void A_network_lives_on_under_the_remedy()
    {
        var view = _images.View(30);
        using var model = Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(view);
        var row = PlantedImages.Rows(1)[0];
        float[] score;
        using (
            var engine = Context.Model.CreatePredictionEngine<PlantedImages.Row, Scored>(
                model,
                new PredictionEngineOptions { OwnsTransformer = false }
            )
        )
            score = engine.Predict(row).Score;

        Assert.AreSequenceEqual(score, model.Transform(_images.View([row])).GetColumn<float[]>("Score").Single());
    }

    [TestMethod]
    public void Features_of_a_network_that_was_disposed_of_say_so()
    {
        var view = _images.View(30);
        var model = Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(view);
        var features = Context.Vision.Features("Embedding", "Pixels", model).Fit(view);
        var lazy = features.Transform(view);
        model.Dispose();

        AssertSaysSo("FeaturesTransformer", () => features.Transform(view));
        AssertSaysSo("FeaturesTransformer", () => _ = lazy.GetColumn<float[]>("Embedding").ToArray());
        AssertSaysSo("FeaturesTransformer", () => Context.Model.Save(features, view.Schema, new MemoryStream()));
    }

    [TestMethod]
    public void An_ONNX_file_that_a_prediction_engine_disposed_of_says_so()
    {
        using var folder = new TemporaryFolder();
        var view = _images.View(30);
        using (var model = Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(view))
            Context.Vision.SaveAsOnnx(model, folder["model.onnx"]);
        var scorer = Context.Scoring.OnnxBatch("Score", "Pixels", folder["model.onnx"]).Fit(view);
        Context.Model.CreatePredictionEngine<PlantedImages.Row, Scored>(scorer).Dispose();

        AssertSaysSo("OnnxBatchTransformer", () => _ = scorer.Transform(view).GetColumn<float[]>("Score").ToArray());
    }

    [TestMethod]
    public void An_autoencoder_that_was_disposed_of_says_so()
    {
        using var folder = new TemporaryFolder();
        var view = _images.View(40);
        var model = Context
            .Vision.InformationVae(
                new InformationVaeTrainer.Options
                {
                    Network = new()
                    {
                        ImageSize = 6,
                        LatentDimension = 2,
                        HiddenDimension = 8,
                    },
                    MaxEpoch = 1,
                }
            )
            .Fit(view);
        model.Dispose();

        AssertSaysSo("InformationVaeTransformer", () => model.Transform(view));
        AssertSaysSo("InformationVaeTransformer", () => Context.Vision.SaveAsOnnx(model, folder["encoder.onnx"], folder["decoder.onnx"]));
    }

    static void AssertSaysSo(string transformer, Action use)
    {
        var error = Assert.Throws<Exception>(use);
        // ML.NET wraps what its own calls throw.
        error = error.GetBaseException();
        Assert.IsInstanceOfType<ObjectDisposedException>(error);
        Assert.Contains(transformer, error.Message);
        Assert.Contains("PredictionEngine", error.Message);
        Assert.Contains("OwnsTransformer = false", error.Message);
    }

    sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
