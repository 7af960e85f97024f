using System.Text.Json.Nodes;
using Microsoft.ML;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Weights;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Tests.Images;

namespace NoisyNN.Tests.Cli;

/// <summary>
/// Which rows calibrate a model in eight bits and which rows judge it, of a run folder whose images are listed class by class.
/// </summary>
[TestClass]
public sealed class CalibrationTests
{
    const int Size = 12;

    static readonly TemporaryFolder s_folder = new();

    [ClassInitialize]
    public static void Create(TestContext context)
    {
        using (
            var network = RandomWeights.Create(
                new NoisyViTConfiguration
                {
                    ImageSize = Size,
                    PatchSize = 4,
                    Channels = 3,
                    ClassCount = 2,
                    Dimension = 64,
                    Depth = 2,
                    Heads = 4,
                    MlpDimension = 128,
                },
                seed: 1
            )
        )
            OnnxExporter.Export(network, new() { Labels = ["dark", "light"] }, s_folder["run/model.onnx"]);
        foreach (var images in (string[])["images", "other"])
            for (var image = 0; image < 24; image++)
            {
                var (red, blue) = ((byte)(10 * image), (byte)images.Length);
                s_folder.Write(
                    $"{images}/{(image < 12 ? "dark" : "light")}/{image:00}.png",
                    ImageFiles.Png(Size, Size, (x, y) => (red, (byte)(20 * y), blue))
                );
            }
        Declare("run", "images");
        File.WriteAllText(s_folder["run/summary.json"], """{ "dataset": { "sha256": "that of images long gone" } }""");
        Declare("gone", "nowhere");
        File.Copy(s_folder["run/model.onnx"], s_folder["gone/model.onnx"]);

        static void Declare(string run, string images)
        {
            Directory.CreateDirectory(s_folder[run]);
            File.WriteAllText(
                s_folder[$"{run}/experiment.yaml"],
                $"name: {run}\nseed: 3\ndata:\n  directory: {s_folder[images]}\n  imageSize: {Size}\n"
            );
        }
    }

    [ClassCleanup]
    public static void Delete() => s_folder.Dispose();

    [TestMethod]
    [DataRow(null)]
    [DataRow("other")]
    public void Every_class_calibrates_with_its_share_of_the_rows(string? named)
    {
        var ml = new MLContext(seed: 1);
        using var model = ModelFile.Open(ml, s_folder["run"], batchSize: null, isTrusted: true, CancellationToken.None);
        var request = new DataRequest(s_folder["run"], Source: null, Split: null, Seed: null, SkipUnreadable: false);

        var rows = CalibrationRows.Read(ml, model, request, named is null ? null : s_folder[named], limit: 8, CancellationToken.None);

        Assert.AreEqual(8, rows.Count);
        // The red of an image tells its number, and the twelfth is the first light one.
        Assert.AreEqual(4, rows.Pixels.Chunk(3 * Size * Size).Count(row => row[0] >= 120));
    }

    [TestMethod]
    public void A_run_is_calibrated_on_other_data_that_have_no_splits()
    {
        var run = Quantize("run", "--calibration", s_folder["other"], "--data", s_folder["images"], "--split", "all", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var json = JsonNode.Parse(run.Output)!;
        Assert.IsGreaterThan(0, (int)json["calibrationRowCount"]!);
        Assert.AreEqual(24, (int)json["before"]!["rows"]!);
    }

    [TestMethod]
    public void A_run_whose_data_are_gone_is_quantised_and_the_output_says_why_nothing_is_compared()
    {
        var run = Quantize("gone");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.IsTrue(File.Exists(s_folder["small.onnx"]));
        StringAssert.Contains(run.Output, "not compared: ");
        StringAssert.Contains(run.Output, s_folder["nowhere"]);
        StringAssert.Contains(run.Output, "Name data with --data.");
        StringAssert.Contains((string)JsonNode.Parse(Quantize("gone", "--json").Output)!["notCompared"]!, s_folder["nowhere"]);
    }

    [TestMethod]
    [DataRow("--calibration")]
    [DataRow("--split", "test")]
    public void Data_that_were_asked_for_and_are_gone_stop_the_command_before_a_file_is_written(params string[] options)
    {
        var run = Quantize("gone", options);

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), s_folder["nowhere"]);
        Assert.IsFalse(File.Exists(s_folder["small.onnx"]));
    }

    static TestTerminal Quantize(string run, params string[] options)
    {
        File.Delete(s_folder["small.onnx"]);
        return TestTerminal.Run(["quantize", "--model", s_folder[run], "--out", s_folder["small.onnx"], .. options]);
    }
}
