using System.Text.Json.Nodes;
using NoisyNN.Models.Onnx;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Tests.Onnx.Auditing;

[TestClass]
public sealed class AuditCommandTests
{
    [TestMethod]
    public void A_clean_file_exits_with_0_and_one_that_mixes_images_with_4()
    {
        using var images = new TinyExperiment();
        using var network = RandomNetwork.Create(RandomNetwork.Colour with { ImageSize = 8, PatchSize = 4, ClassCount = 2 });
        var options = new OnnxExportOptions { Labels = ["blue", "red"] };
        OnnxExporter.Export(network, options, images["clean.onnx"]);
        OnnxExporter.Export(
            network,
            options with
            {
                InputNoise = new OptimalMixingNoise(MixAxis.Batch),
                InputNoiseScope = NoiseScope.Always,
            },
            images["mixing.onnx"]
        );

        var clean = TestTerminal.Run("audit", images["clean.onnx"], "--data", images.Images, "--batch-sizes", "2", "10", "--json");
        var mixing = TestTerminal.Run("audit", images["mixing.onnx"], "--data", images.Images, "--batch-sizes", "2", "10");

        Assert.AreEqual(0, clean.ExitCode, clean.Error);
        var report = JsonNode.Parse(clean.Output)!;
        Assert.AreEqual("clean", report["verdict"]!.GetValue<string>());
        Assert.AreEqual(80, report["rowCount"]!.GetValue<int>());
        Assert.HasCount(2, report["leakIndexes"]!.AsArray());
        Assert.AreEqual(ExitCode.Leaking, mixing.ExitCode, mixing.Error);
        Assert.Contains("first operator that mixes rows is", mixing.Output);
    }

    [TestMethod]
    public void Batch_sizes_of_one_row_are_refused()
    {
        var run = TestTerminal.Run("audit", "model.onnx", "--data", "images", "--batch-sizes", "1");

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        Assert.Contains("at least 2", run.ErrorLines.Single());
    }
}
