using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Weights;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments;

[TestClass]
public sealed class BoundsTests
{
    [TestMethod]
    public void Both_bounds_are_printed_side_by_side_and_as_json()
    {
        using var folder = new TemporaryFolder();
        var file = Declare(folder);
        var run = Bounds(folder, file, "--json");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        var summary = JsonNode.Parse(run.Output)!;
        var rows = summary["bounds"]!.AsArray();
        CollectionAssert.AreEqual(
            new[] { "Gaussian", "InformationDropout" },
            rows.Select(row => row!["posterior"]!.GetValue<string>()).ToArray()
        );
        foreach (var row in rows)
        {
            var (bound, likelihood, divergence) = (Value("trainingBound"), Value("logLikelihood"), Value("divergence"));
            Assert.AreEqual(likelihood - divergence, bound, 1e-6);
            Assert.IsLessThan(0, Value("testBound"));
            // More draws, a tighter bound; the tolerance is the test's few rows.
            Assert.IsGreaterThan(Value("testBound") - 5, Value("testImportanceBound"));
            Assert.AreEqual(2, Value("epochs"));

            double Value(string name) => row![name]!.GetValue<double>();
        }

        var table = Bounds(folder, file, "--set", "draws=0");
        StringAssert.Contains(table.Output, "InformationDropout", StringComparison.Ordinal);
        StringAssert.Contains(table.Output, "none", StringComparison.Ordinal);
        StringAssert.Contains(table.Output, folder["runs/trial-2/report.html"], StringComparison.Ordinal);
    }

    [TestMethod]
    public void The_run_folder_holds_declaration_weights_checkpoints_metrics_and_summary()
    {
        using var folder = new TemporaryFolder();
        var run = Bounds(folder, Declare(folder), "--threads", "1", "--json");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        var trial = folder["runs/trial"];
        CollectionAssert.AreEquivalent(
            new[] { "experiment.yaml", "gaussian", "information-dropout", "metrics.jsonl", "report.html", "summary.json" },
            Directory.GetFileSystemEntries(trial).Select(Path.GetFileName).ToArray()
        );
        foreach (var training in new[] { "gaussian", "information-dropout" })
        {
            Assert.IsTrue(Directory.EnumerateFiles(Path.Combine(trial, training), "checkpoint-*.json").Any());
            Assert.AreEqual(2, File.ReadAllLines(Path.Combine(trial, training, "metrics.jsonl")).Length);
            var weights = Safetensors.Read(Path.Combine(trial, training, BoundsRunner.WeightsFileName), out var metadata);
            using var network = new InformationVae(JsonSerializer.Deserialize<InformationVaeConfiguration>(metadata["configuration"])!);
            network.load_state_dict(weights);
        }
        Assert.AreEqual("trial", new DirectoryInfo(folder["runs/latest"]).LinkTarget);

        var summary = File.ReadAllText(Path.Combine(trial, "summary.json"));
        Assert.AreEqual(summary, run.Output);
        StringAssert.StartsWith(JsonNode.Parse(summary)!["command"]!.GetValue<string>(), "./noisynn bounds ", StringComparison.Ordinal);
        var lines = File.ReadAllLines(Path.Combine(trial, "metrics.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.AreSequenceEqual(
            ["gaussian", "gaussian", "information-dropout", "information-dropout"],
            lines.Select(line => line["run"]!.GetValue<string>())
        );
        Assert.AreEqual(
            JsonNode.Parse(summary)!["bounds"]![1]!["trainingBound"]!.GetValue<double>(),
            lines[^1]["bound"]!.GetValue<double>()
        );
        var report = File.ReadAllText(Path.Combine(trial, "report.html"));
        foreach (var row in JsonNode.Parse(summary)!["bounds"]!.AsArray())
        foreach (var name in new[] { "testBound", "testImportanceBound", "divergence" })
            Assert.Contains(row![name]!.GetValue<double>().ToString("F2", CultureInfo.InvariantCulture), report);
        // Three charts of two lines each, of which all are inside the page.
        Assert.HasCount(3 * 2, Regex.Matches(report, "<polyline"));
        Assert.DoesNotContain("http", report.Replace("http-equiv", "", StringComparison.Ordinal));
        // What the run says that it did can be run again.
        Assert.AreEqual(1, BoundsExperiment.Load(Path.Combine(trial, "experiment.yaml")).Training.Threads);
    }

    [TestMethod]
    [DataRow("gaussian  epoch 1/", DisplayName = "in the first autoencoder")]
    [DataRow("information-dropout  epoch 1/", DisplayName = "in the second autoencoder")]
    public void An_interrupted_comparison_resumes_to_the_bounds_of_an_uninterrupted_one(string moment)
    {
        using var folder = new TemporaryFolder();
        var file = Declare(folder);
        var whole = Bounds(folder, file, "--json");

        var root = folder["others"];
        var interrupted = TestTerminal.InterruptAt(moment, "bounds", file, "--output", root, "--json");
        Assert.AreEqual(ExitCode.Interrupted, interrupted.ExitCode, interrupted.Error);
        StringAssert.Contains(
            interrupted.ErrorLines.Single(),
            $"Continue with: ./noisynn bounds {file} --output {root} --json --resume",
            StringComparison.Ordinal
        );
        Assert.IsFalse(File.Exists(Path.Combine(root, "trial", "summary.json")));
        Assert.Contains("epochs: 2", TestTerminal.Run("bounds", file, "--output", root, "--resume", "--set", "training.epochs=3").Error);

        var resumed = TestTerminal.Run("bounds", file, "--output", root, "--json", "--resume");
        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        Assert.AreEqual(Figures(whole.Output), Figures(resumed.Output));
        foreach (var training in new[] { "gaussian", "information-dropout" })
            Assert.AreSequenceEqual(
                File.ReadAllBytes(folder[$"runs/trial/{training}/{BoundsRunner.WeightsFileName}"]),
                File.ReadAllBytes(Path.Combine(root, "trial", training, BoundsRunner.WeightsFileName))
            );
        Assert.Contains("no interrupted run", TestTerminal.Run("bounds", file, "--output", root, "--resume").Error);

        static string Figures(string summary)
        {
            var bounds = JsonNode.Parse(summary)!["bounds"]!.AsArray();
            foreach (var row in bounds)
                row!.AsObject().Remove("trainSeconds");
            return bounds.ToJsonString();
        }
    }

    [TestMethod]
    public void A_name_that_is_no_folder_is_refused_with_its_line()
    {
        using var folder = new TemporaryFolder();
        var refused = Bounds(folder, Declare(folder), "--set", "name=a/b");
        Assert.AreEqual(ExitCode.Misused, refused.ExitCode);
        StringAssert.Contains(refused.Error, "'a/b' cannot name a run folder", StringComparison.Ordinal);
    }

    [TestMethod]
    public void An_unknown_key_names_its_line_and_the_nearest_valid_one()
    {
        using var folder = new TemporaryFolder();
        var file = Declare(folder, "latentDimensions: 3");
        var refused = Assert.ThrowsExactly<DeclarationException>(() => BoundsExperiment.Load(file));
        StringAssert.Contains(refused.Message, "latentDimension", StringComparison.Ordinal);
    }

    static TestTerminal Bounds(TemporaryFolder folder, string file, params string[] options) =>
        TestTerminal.Run(["bounds", file, "--output", folder["runs"], .. options]);

    static string Declare(TemporaryFolder folder, string network = "latentDimension: 3")
    {
        foreach (var (name, red) in new[] { ("red", true), ("blue", false) })
            for (var number = 0; number < 20; number++)
                folder.Write($"images/{name}/{number:00}.png", TinyExperiment.Image(number, red));
        var path = folder["bounds.yaml"];
        File.WriteAllText(
            path,
            $"""
            name: trial
            data:
              directory: {folder["images"]}
              imageSize: 8
              channels: 1
            network:
              {network}
              hiddenDimension: 12
            training:
              epochs: 2
              batchSize: 8
              threads: 1
            draws: 5
            """
        );
        return path;
    }
}
