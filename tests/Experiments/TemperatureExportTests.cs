using System.Globalization;
using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Tests.Experiments;

/// <summary>A run that puts its fitted temperature into its ONNX file, and the command that does so afterwards.</summary>
[TestClass]
public sealed class TemperatureExportTests
{
    static readonly TinyExperiment s_experiment = new();

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        foreach (
            var overrides in (string[][])
                [
                    ["name=plain"],
                    ["name=scaled", "export={temperature: true}"],
                ]
        )
        {
            var run = TestTerminal.Run([
                "train",
                s_experiment.Declaration,
                "--output",
                s_experiment.Runs,
                .. overrides.Concat(["evaluation={baseline: false}"]).SelectMany(change => (string[])["--set", change]),
            ]);
            Assert.AreEqual(0, run.ExitCode, run.Error);
        }
    }

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    static JsonNode Summary(string run) => JsonNode.Parse(File.ReadAllText(s_experiment[$"runs/{run}/summary.json"]))!;

    static double? TemperatureIn(string path) =>
        OnnxFile.Read(path).MetadataProps.FirstOrDefault(entry => entry.Key == "noisy.temperature") is { } entry
            ? double.Parse(entry.Value, CultureInfo.InvariantCulture)
            : null;

    [TestMethod]
    public void The_file_has_the_temperature_that_the_summary_reports()
    {
        var fitted = (double)Summary("scaled")["runs"]![0]!["classification"]!["scaled"]!["temperature"]!;

        Assert.AreEqual(fitted, TemperatureIn(s_experiment["runs/scaled/model.onnx"])!.Value, 1e-12);
        Assert.AreEqual(fitted, (double)Summary("scaled")["onnx"]!["temperature"]!, 1e-12);
        Assert.IsNull(TemperatureIn(s_experiment["runs/plain/model.onnx"]));
        Assert.IsNull(Summary("plain")["onnx"]!["temperature"]);
        StringAssert.Contains(File.ReadAllText(s_experiment["runs/scaled/model-card.md"]), "The file divides its logits by it.");
        StringAssert.Contains(File.ReadAllText(s_experiment["runs/scaled/report.html"]), "temperature inside, from validation rows");
    }

    [TestMethod]
    public void Evaluate_finds_the_log_loss_that_the_summary_promises_for_the_temperature()
    {
        var run = TestTerminal.Run("evaluate", s_experiment["runs/scaled"], "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var scaled = Summary("scaled")["runs"]![0]!["classification"]!["scaled"]!;
        Assert.AreEqual((double)scaled["logLoss"]!, (double)JsonNode.Parse(run.Output)!["logLoss"]!, 1e-4);
    }

    [TestMethod]
    public void Export_puts_it_into_another_file_on_request()
    {
        var path = s_experiment["calibrated.onnx"];

        var run = TestTerminal.Run("export", s_experiment["runs/plain"], "--temperature", "--output", path);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(
            (double)Summary("plain")["runs"]![0]!["classification"]!["scaled"]!["temperature"]!,
            TemperatureIn(path)!.Value,
            1e-12
        );
    }

    [TestMethod]
    public void What_has_no_fitted_temperature_is_refused_with_a_remedy()
    {
        var alone = s_experiment["alone/noisy/network.safetensors"];
        Directory.CreateDirectory(Path.GetDirectoryName(alone)!);
        File.Copy(s_experiment["runs/plain/noisy/network.safetensors"], alone, overwrite: true);

        var interrupted = TestTerminal.Run("export", alone, "--temperature", "--output", s_experiment["no.onnx"]);
        Assert.AreEqual(ExitCode.Failed, interrupted.ExitCode);
        StringAssert.Contains(interrupted.ErrorLines.Single(), "Complete the run with --resume, or leave out --temperature.");
        Assert.IsFalse(File.Exists(s_experiment["no.onnx"]));

        var random = TestTerminal.Run("export", "--network", "noisy-resnet-18", "--random-weights", "--temperature");
        Assert.AreEqual(ExitCode.Misused, random.ExitCode);
        StringAssert.Contains(random.ErrorLines.Single(), "leave it out with --random-weights");
    }
}
