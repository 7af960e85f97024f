using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using NoisyNN.Tests.Onnx.Scoring;
using NoisyNN.Tests.Training;
using NoisyNN.Transforms.Images.Ranges;

namespace NoisyNN.Tests.Composition;

/// <summary>Pixels of 0 to 1 where 0 to 255 are meant, and the reverse.</summary>
[TestClass]
public sealed class PixelRangeTests
{
    readonly PlantedImages _images = new();
    readonly List<string> _warnings = [];

    public PixelRangeTests() =>
        Context.Log += (_, log) =>
        {
            if (log.Kind == ChannelMessageKind.Warning && log.Message.Contains("values from", StringComparison.Ordinal))
                _warnings.Add(log.Message);
        };

    MLContext Context => _images.Context;

    [TestMethod]
    [DataRow(1 / 255f, 0f)]
    [DataRow(2 / 255f, -1f)]
    [DataRow(1 / 58f, -2.1f)]
    public void A_training_on_scaled_pixels_is_refused_with_their_range_and_the_remedy(float scale, float offset)
    {
        var error = Assert.Throws<ArgumentException>(() =>
            Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(Scaled(30, scale, offset))
        );

        Assert.Contains("'Pixels'", error.Message);
        Assert.Contains("scaleImage", error.Message);
        Assert.Contains("0 to 255", error.Message);
        Assert.Contains(
            $"values from {PixelRange.Of([.. Scaled(30, scale, offset).GetColumn<float[]>("Pixels").SelectMany(row => row)])}",
            error.Message
        );
    }

    [TestMethod]
    public void A_training_whose_normalisation_is_in_the_units_of_its_pixels_is_not_refused()
    {
        var options = _images.Options(epochs: 12);
        options.Network = options.Network with { Mean = [0.5 / 255], StandardDeviation = [0.5 / 255] };

        using var model = Context.Vision.NoisyViT(options).Fit(Scaled(120, 1 / 255f, 0));

        Assert.IsGreaterThan(0.9, Context.MulticlassClassification.Evaluate(model.Transform(Scaled(60, 1 / 255f, 0))).MicroAccuracy);
    }

    [TestMethod]
    public void Raw_pixels_black_images_and_noisy_ones_are_not_refused()
    {
        Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(_images.View(30)).Dispose();
        Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(Scaled(30, 0, 0)).Dispose();
        var noisy = Context.Noise.Gaussian("Pixels", standardDeviation: 20).Append(Context.Vision.NoisyViT(_images.Options(epochs: 1)));
        noisy.Fit(_images.View(30)).Dispose();
    }

    [TestMethod]
    public void Scaled_pixels_before_a_trained_network_are_warned_of_once_and_raw_ones_never()
    {
        using var model = Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(_images.View(30));
        Read(model.Transform(Scaled(30, 1 / 255f, 0)));
        Read(model.Transform(Scaled(30, 1 / 255f, 0)));

        Assert.HasCount(1, _warnings);
        Assert.Contains("'Pixels'", _warnings[0]);
        Assert.Contains("multiply the column by 255", _warnings[0]);

        using var other = Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(_images.View(30));
        Read(other.Transform(_images.View(30)));
        Assert.HasCount(1, _warnings);
    }

    [TestMethod]
    public void Scaled_pixels_before_an_exported_file_are_warned_of_with_its_name()
    {
        using var folder = new TemporaryFolder();
        using (var model = Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(_images.View(30)))
            Context.Vision.SaveAsOnnx(model, folder["network.onnx"]);
        using var scorer = Context.Scoring.OnnxBatch("Score", "Pixels", folder["network.onnx"]).Fit(_images.View(3));

        Read(scorer.Transform(Scaled(30, 0, 0)));
        Assert.IsEmpty(_warnings, "Black images have no range.");
        Read(scorer.Transform(Scaled(30, 1 / 255f, 0)));
        Read(scorer.Transform(Scaled(30, 1 / 255f, 0)));

        Assert.HasCount(1, _warnings);
        Assert.Contains("network.onnx", _warnings[0]);
        Assert.Contains("0 to 255", _warnings[0]);
    }

    [TestMethod]
    public void Scaled_pixels_before_features_are_warned_of_once()
    {
        using var model = Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(_images.View(30));
        foreach (var (view, count) in new[] { (_images.View(30), 0), (Scaled(30, 1 / 255f, 0), 1) })
        {
            var features = Context.Vision.Features("Embedding", "Pixels", model).Fit(view);
            _ = features.Transform(view).GetColumn<float[]>("Embedding").Count();
            _ = features.Transform(view).GetColumn<float[]>("Embedding").Count();
            Assert.HasCount(count, _warnings);
        }
    }

    [TestMethod]
    public void An_engine_is_warned_of_scaled_pixels_too()
    {
        using var model = Context.Vision.NoisyViT(_images.Options(epochs: 1)).Fit(_images.View(30));
        using var engine = Context.Model.CreatePredictionEngine<PlantedImages.Row, Scored>(
            model,
            new PredictionEngineOptions { OwnsTransformer = false }
        );
        var row = PlantedImages.Rows(1)[0];
        row.Pixels = [.. row.Pixels.Select(pixel => pixel / 255)];
        engine.Predict(row);

        Assert.HasCount(1, _warnings);
    }

    [TestMethod]
    [DataRow("0 to 0.996", true, false, new[] { 0, 0.5f, 0.996f })]
    [DataRow("-2.1 to 2.6", true, true, new[] { -2.1f, 0.3f, 2.6f })]
    [DataRow("0 to 255", false, true, new[] { 0, 128f, 255 })]
    [DataRow("-31.5 to 270.2", false, true, new[] { -31.5f, 128f, 270.2f })]
    [DataRow("0 to 1", false, false, new[] { 0f, 1, 1 })]
    [DataRow("0 to 3", false, true, new[] { 0f, 1, 3 })]
    public void A_range_says_what_it_looks_like(string text, bool looksScaled, bool looksRaw, float[] values)
    {
        var range = PixelRange.Of(values);
        Assert.AreEqual(text, range.ToString());
        Assert.AreEqual((looksScaled, looksRaw), (range.LooksScaled, range.LooksRaw));
        Assert.AreEqual(range, PixelRange.Of([float.NaN, .. values, float.NaN]));
    }

    [TestMethod]
    public void A_file_that_takes_scaled_pixels_is_warned_of_raw_ones_alone()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["scaled.onnx"], ForeignModel.Affine(("Image.NominalPixelRange", "Normalized_0_1")).ToByteArray());
        var (scaled, raw) = (Points(0, 0.5f, 1), Points(0, 128, 255));
        using var fed = Context.Scoring.OnnxBatch("Score", "Pixels", folder["scaled.onnx"]).Fit(scaled);
        using var misfed = Context.Scoring.OnnxBatch("Score", "Pixels", folder["scaled.onnx"]).Fit(raw);

        Read(fed.Transform(scaled));
        Assert.IsEmpty(_warnings);
        Read(misfed.Transform(raw));

        Assert.HasCount(1, _warnings);
        Assert.Contains("look like raw pixels", _warnings[0]);
        Assert.Contains("1 / 255f", _warnings[0]);
    }

    IDataView Points(params float[] pixels) => Context.Data.LoadFromEnumerable([new Point { Pixels = pixels }]);

    IDataView Scaled(int count, float scale, float offset)
    {
        var rows = PlantedImages.Rows(count);
        foreach (var row in rows)
            row.Pixels = [.. row.Pixels.Select(pixel => pixel * scale + offset)];
        return _images.View(rows);
    }

    static void Read(IDataView view) => _ = view.GetColumn<float[]>("Score").Count();

    sealed class Point
    {
        [VectorType(3)]
        public float[] Pixels { get; set; } = [];
    }

    sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
