using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Onnx;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Tests.Onnx;

/// <summary>A temperature inside the file: the probabilities are softmax(logits / temperature), the logits stay.</summary>
[TestClass]
public sealed class TemperatureTests
{
    static float[][] Run(string path, float[] pixels, long[] shape, params string[] outputs)
    {
        using var session = new InferenceSession(path);
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, shape);
        using var options = new RunOptions();
        using var results = session.Run(options, ["Pixels"], [input], outputs);
        return [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
    }

    static float[] Pixels(int count)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(256))];
    }

    [TestMethod]
    [DataRow(0.25)]
    [DataRow(1.7)]
    [DataRow(12)]
    public void The_scores_are_the_softmax_of_the_logits_divided_by_it(double temperature)
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Colour);
        var (channels, side) = (RandomNetwork.Colour.Channels, RandomNetwork.Colour.ImageSize);
        var (pixels, shape) = (Pixels(5 * channels * side * side), new long[] { 5, channels, side, side });

        OnnxExporter.Export(network, new() { Temperature = temperature }, folder["scaled.onnx"]);
        OnnxExporter.Export(network, new(), folder["plain.onnx"]);

        var scaled = Run(folder["scaled.onnx"], pixels, shape, "Score", "Logits");
        var logits = Run(folder["plain.onnx"], pixels, shape, "Logits")[0];
        CollectionAssert.AreEqual(logits, scaled[1], "the logits are those of the plain file");
        var classes = logits.Length / 5;
        for (var row = 0; row < 5; row++)
        {
            // In double precision, by the definition.
            var powers = logits[(row * classes)..((row + 1) * classes)].Select(logit => Math.Exp(logit / temperature)).ToArray();
            for (var label = 0; label < classes; label++)
                Assert.AreEqual(powers[label] / powers.Sum(), scaled[0][row * classes + label], 1e-6);
        }
        Assert.AreEqual(
            temperature,
            double.Parse(OnnxFile.Read(folder["scaled.onnx"]).MetadataProps.Single(entry => entry.Key == "noisy.temperature").Value)
        );
    }

    [TestMethod]
    public void A_temperature_of_one_changes_no_byte()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);

        OnnxExporter.Export(network, new() { Temperature = 1 }, folder["one.onnx"]);
        OnnxExporter.Export(network, new(), folder["plain.onnx"]);

        CollectionAssert.AreEqual(File.ReadAllBytes(folder["plain.onnx"]), File.ReadAllBytes(folder["one.onnx"]));
    }

    [TestMethod]
    public void It_goes_together_with_other_forms_of_the_file()
    {
        using var folder = new TemporaryFolder();
        using var network = new NoisyResNet(
            new NoisyResNetConfiguration
            {
                ImageSize = 8,
                ClassCount = 3,
                Width = 16,
            }
        );

        var result = OnnxExporter.Export(
            network,
            new()
            {
                Temperature = 3,
                PixelInput = PixelInput.ByteInterleaved,
                AnyImageSize = true,
                Opset = 21,
                WeightPrecision = WeightPrecision.Float16,
            },
            folder["model.onnx"]
        );

        Assert.IsLessThan(OnnxExporter.HalfTolerance, result.MaxAbsDifference);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void A_temperature_that_is_none_is_refused(double temperature) =>
        Assert.Contains(
            "Temperature must be a finite number above 0",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxExportOptions { Temperature = temperature }).Message
        );
}
