using System.Text.Json.Nodes;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Images;
using NoisyNN.Tests.Onnx;

namespace NoisyNN.Tests.Cli;

/// <summary>A model in eight bits, with its accuracy beside that of the model it was made of.</summary>
[TestClass]
public sealed class QuantizeCommandTests
{
    [TestMethod]
    public void Both_accuracies_are_told_and_calibration_is_counted()
    {
        using var folder = new TemporaryFolder();
        using (var network = RandomNetwork.Create(RandomNetwork.Grey with { Dimension = 64, MlpDimension = 256, ClassCount = 2 }))
            OnnxExporter.Export(network, new() { Labels = ["dark", "light"] }, folder["model.onnx"]);
        for (var image = 0; image < 20; image++)
            folder.Write($"images/{(image % 2 == 0 ? "dark" : "light")}/{image:00}.png", ImageFiles.Png(image));

        var run = TestTerminal.Run(
            "quantize",
            folder["model.onnx"],
            "--output",
            folder["small.onnx"],
            "--calibration",
            folder["images"],
            "--data",
            folder["images"],
            "--split",
            "all",
            "--json"
        );

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var json = JsonNode.Parse(run.Output)!;
        Assert.AreEqual(14, json["calibrationRowCount"]!.GetValue<int>(), "20 without 4 that are kept for testing and 2 for validation");
        Assert.IsTrue(json["bytes"]!.GetValue<long>() < json["sourceBytes"]!.GetValue<long>() / 2);
        Assert.AreEqual(20, json["before"]!["rows"]!.GetValue<int>());
        Assert.AreEqual(json["before"]!["accuracy"]!.GetValue<double>(), json["after"]!["accuracy"]!.GetValue<double>(), 0.11);
    }

    [TestMethod]
    [DataRow(new[] { "quantize", "--output", "small.onnx" })]
    [DataRow(new[] { "quantize", "a.onnx", "--model", "b.onnx", "--output", "small.onnx" })]
    public void A_command_line_with_no_model_or_two_models_is_refused(string[] arguments)
    {
        var run = TestTerminal.Run(arguments);

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), "give one MODEL");
    }

    [TestMethod]
    public void Model_that_is_not_there_is_named()
    {
        using var folder = new TemporaryFolder();

        var run = TestTerminal.Run("quantize", "--model", folder["absent.onnx"], "--out", folder["small.onnx"]);

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), "absent.onnx");
    }
}
