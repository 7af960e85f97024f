using System.Globalization;
using System.Text.Json.Nodes;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Weights;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Images;

namespace NoisyNN.Tests.Cli;

/// <summary>
/// Every form that a file can be exported in is scored, evaluated and quantised by the command line, or refused with a remedy.
/// </summary>
[TestClass]
public sealed class ModelFormsTests
{
    static readonly string[] s_labels = ["dark", "light"];

    static TemporaryFolder s_folder = null!;

    [ClassInitialize]
    public static void Create(TestContext context)
    {
        s_folder = new TemporaryFolder();
        using var transformer = RandomWeights.Create(
            new NoisyViTConfiguration
            {
                ImageSize = 12,
                PatchSize = 4,
                Channels = 3,
                ClassCount = 2,
                Dimension = 64,
                Depth = 2,
                Heads = 4,
                MlpDimension = 128,
            },
            seed: 1
        );
        using var residual = RandomWeights.Create(NoisyResNetConfiguration.Micro(12, channels: 3) with { ClassCount = 2 }, seed: 1);
        Export(transformer, "float", new());
        Export(transformer, "bytes", new() { PixelInput = PixelInput.ByteInterleaved });
        Export(transformer, "half", new() { WeightPrecision = WeightPrecision.Float16 });
        Export(transformer, "outside", new() { ExternalDataAbove = 0 });
        Export(residual, "fixed", new());
        Export(residual, "open", new() { AnyImageSize = true });
        for (var image = 0; image < 24; image++)
        {
            var shade = 10 * image;
            // Of several sizes, all of which are resized to the model's.
            s_folder.Write(
                $"images/{(image < 12 ? "dark" : "light")}/{image:00}.png",
                ImageFiles.Png(10 + image % 3, 12, (x, y) => ((byte)shade, (byte)(shade + x), (byte)(20 * y)))
            );
        }

        static void Export(Classifier network, string name, OnnxExportOptions options) =>
            OnnxExporter.Export(network, options with { Labels = s_labels }, s_folder[$"{name}.onnx"]);
    }

    [ClassCleanup]
    public static void Delete() => s_folder.Dispose();

    [TestMethod]
    [DataRow("bytes", "float", 1e-5)]
    [DataRow("half", "float", 0.01)]
    [DataRow("outside", "float", 0)]
    [DataRow("open", "fixed", 0)]
    public void A_folder_of_images_of_several_sizes_is_scored_alike_in_every_form(string form, string reference, double tolerance)
    {
        var (expected, actual) = (Score(reference), Score(form));

        Assert.HasCount(24, expected);
        for (var row = 0; row < 24; row++)
            Assert.AreEqual(expected[row], actual[row], tolerance + 1e-9);
        Assert.IsGreaterThan(0.001, expected.Max() - expected.Min());
    }

    [TestMethod]
    [DataRow("bytes")]
    [DataRow("half")]
    [DataRow("outside")]
    [DataRow("open")]
    public void Labelled_images_are_evaluated_in_every_form(string form)
    {
        var run = TestTerminal.Run("evaluate", s_folder[$"{form}.onnx"], "--data", s_folder["images"], "--split", "all", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(24, (int)JsonNode.Parse(run.Output)!["rows"]!);
    }

    [TestMethod]
    [DataRow("float")]
    [DataRow("bytes")]
    public void Floats_and_bytes_are_quantised_and_calibrated_on_the_rows_that_they_take(string form)
    {
        var run = TestTerminal.Run(
            "quantize",
            "--model",
            s_folder[$"{form}.onnx"],
            "--out",
            s_folder[$"{form}-8.onnx"],
            "--calibration",
            "--data",
            s_folder["images"],
            "--split",
            "all",
            "--json"
        );

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var json = JsonNode.Parse(run.Output)!;
        Assert.AreEqual(17, (int)json["calibrationRowCount"]!, "24 without 5 that are kept for testing and 2 for validation");
        Assert.AreEqual((double)json["after"]!["accuracy"]! - (double)json["before"]!["accuracy"]!, (double)json["difference"]!, 1e-12);
        // Also of two models that agree on every one of the few rows nobody knows that they always do.
        Assert.IsTrue((double)json["low"]! < (double)json["difference"]! && (double)json["difference"]! < (double)json["high"]!);
        // Wrong ranges, as of pixels in another order or scale, would make the scores another network's.
        Assert.AreEqual((double)json["before"]!["logLoss"]!, (double)json["after"]!["logLoss"]!, 0.01);
    }

    [TestMethod]
    [DataRow("half", "export it in single precision")]
    [DataRow("outside", "Export it with all of them inside")]
    [DataRow("fixed", "convolutions, which stay in floats")]
    public void What_cannot_be_quantised_says_why(string form, string reason)
    {
        var run = TestTerminal.Run("quantize", "--model", s_folder[$"{form}.onnx"], "--out", s_folder["never.onnx"]);

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), reason);
        Assert.IsFalse(File.Exists(s_folder["never.onnx"]));
    }

    [TestMethod]
    public void A_model_is_not_quantised_onto_itself()
    {
        var before = File.ReadAllBytes(s_folder["float.onnx"]);

        var run = TestTerminal.Run("quantize", "--model", s_folder["float.onnx"], "--out", s_folder["float.onnx"]);

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        Assert.AreSequenceEqual(before, File.ReadAllBytes(s_folder["float.onnx"]));
    }

    [TestMethod]
    public void A_file_of_open_size_takes_another_size_and_one_of_fixed_size_does_not()
    {
        var (own, larger) = (Score("open"), Score("open", "--image-size", "20x16"));
        Assert.IsGreaterThan(1e-5, own.Zip(larger, (left, right) => Math.Abs(left - right)).Max());
        Assert.AreSequenceEqual(own, Score("open", "--image-size", "12x12"));

        var refused = TestTerminal.Run(
            "score",
            s_folder["fixed.onnx"],
            s_folder["images"],
            "--output",
            s_folder["never.csv"],
            "--image-size",
            "20x16"
        );
        Assert.AreEqual(ExitCode.Misused, refused.ExitCode);
        StringAssert.Contains(refused.ErrorLines.Single(), "takes only images of 12 x 12 pixels");
        StringAssert.Contains(
            TestTerminal
                .Run("score", s_folder["open.onnx"], s_folder["images"], "--output", s_folder["never.csv"], "--image-size", "huge")
                .ErrorLines.Single(),
            "as in 224x224"
        );
    }

    [TestMethod]
    public void A_transformer_is_not_exported_for_images_of_any_size()
    {
        var run = TestTerminal.Run(
            "export",
            "--network",
            "noisy-vit-micro-28",
            "--random-weights",
            "--any-image-size",
            "--out",
            s_folder["never.onnx"]
        );

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), "only images of 28 x 28 pixels");
    }

    [TestMethod]
    public void An_output_is_written_as_it_is_where_it_is_asked_for_by_name()
    {
        var path = s_folder["embeddings.csv"];
        var run = TestTerminal.Run("score", s_folder["bytes.onnx"], s_folder["images"], "--tensor", "ClassToken", "--output", path);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var lines = File.ReadAllLines(path);
        Assert.AreEqual("image,ClassToken[0],ClassToken[1]", string.Join(',', lines[0].Split(',').Take(3)));
        Assert.IsTrue(lines.All(line => line.Split(',').Length == 65));
    }

    /// <summary>The probability of "light", image by image.</summary>
    static double[] Score(string form, params string[] options)
    {
        var path = s_folder[$"{form}.csv"];
        var run = TestTerminal.Run(["score", s_folder[$"{form}.onnx"], s_folder["images"], "--output", path, .. options]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return [.. File.ReadLines(path).Skip(1).Select(line => double.Parse(line.Split(',')[^1], CultureInfo.InvariantCulture))];
    }
}
