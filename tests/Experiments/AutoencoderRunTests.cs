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
using NoisyNN.Tests.Experiments.Listing;

namespace NoisyNN.Tests.Experiments;

/// <summary>An experiment whose network is an autoencoder: its bounds beside those of the Gaussian one.</summary>
[TestClass]
public sealed partial class AutoencoderRunTests
{
    [TestMethod]
    public void Both_bounds_are_printed_side_by_side_and_as_json()
    {
        using var folder = new TemporaryFolder();
        var file = Declare(folder);
        var run = Train(folder, file, "--json");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.IsNull(SummarySchemaTests.MistakeOfKind(JsonNode.Parse(run.Output)!));
        var runs = JsonNode.Parse(run.Output)!["runs"]!.AsArray();
        CollectionAssert.AreEqual(
            new[] { "gaussian", "information-dropout" },
            runs.Select(row => row!["name"]!.GetValue<string>()).ToArray()
        );
        foreach (var row in runs)
        {
            var (bound, likelihood, divergence) = (Value("training"), Value("logLikelihood"), Value("divergence"));
            Assert.AreEqual(likelihood - divergence, bound, 1e-6);
            Assert.IsLessThan(0, Value("test"));
            // More draws, a tighter bound; the tolerance is the test's few rows.
            Assert.IsGreaterThan(Value("test") - 5, Value("testWeighted"));
            Assert.AreEqual(5, Value("draws"));
            Assert.AreEqual(2, row!["epochs"]!.GetValue<int>());
            Assert.IsNull(row["testAccuracy"], "What does not apply is absent.");

            double Value(string name) => row!["bound"]![name]!.GetValue<double>();
        }
        foreach (var absent in new[] { "onnx", "verdict", "protocolSite", "batchInvariance" })
            Assert.IsNull(JsonNode.Parse(run.Output)![absent], absent);

        var table = Train(folder, file, "--set", "evaluation.draws=0");
        StringAssert.Contains(table.Output, "information-dropout", StringComparison.Ordinal);
        StringAssert.Contains(table.Output, "none", StringComparison.Ordinal);
        StringAssert.Contains(table.Output, folder["runs/trial-2/report.html"], StringComparison.Ordinal);
    }

    [TestMethod]
    public void The_run_folder_holds_declaration_weights_checkpoints_metrics_and_summary()
    {
        using var folder = new TemporaryFolder();
        var run = Train(folder, Declare(folder), "--threads", "1", "--json");
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
            var path = Path.Combine(trial, training, NetworkFile.FileName);
            var weights = Safetensors.Read(path, out var metadata);
            using var network = new InformationVae(JsonSerializer.Deserialize<InformationVaeConfiguration>(metadata["configuration"])!);
            network.load_state_dict(weights);
            Assert.Contains("holds no classifier", Assert.ThrowsExactly<InvalidDataException>(() => NetworkFile.Read(path)).Message);
        }
        Assert.AreEqual("trial", new DirectoryInfo(folder["runs/latest"]).LinkTarget);
        var export = TestTerminal.Run("export", trial, "--output", folder["model.onnx"]);
        Assert.Contains("holds no classifier but a network of the architecture information-vae", export.Error);

        var summary = File.ReadAllText(Path.Combine(trial, "summary.json"));
        Assert.AreEqual(summary, run.Output);
        StringAssert.StartsWith(JsonNode.Parse(summary)!["command"]!.GetValue<string>(), "./noisynn train ", StringComparison.Ordinal);
        var lines = File.ReadAllLines(Path.Combine(trial, "metrics.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.AreSequenceEqual(
            ["gaussian", "gaussian", "information-dropout", "information-dropout"],
            lines.Select(line => line["run"]!.GetValue<string>())
        );
        var best = JsonNode.Parse(summary)!["runs"]![1]!;
        Assert.AreEqual(
            best["bound"]!["training"]!.GetValue<double>(),
            lines[2 + best["bestEpoch"]!.GetValue<int>() - 1]["bound"]!.GetValue<double>()
        );
        var report = File.ReadAllText(Path.Combine(trial, "report.html"));
        foreach (var row in JsonNode.Parse(summary)!["runs"]!.AsArray())
        foreach (var name in new[] { "test", "testWeighted", "divergence" })
            Assert.Contains(row!["bound"]![name]!.GetValue<double>().ToString("F2", CultureInfo.InvariantCulture), report);
        // Three charts of two lines each, of which all are inside the page.
        Assert.HasCount(3 * 2, Regex.Matches(report, "<polyline"));
        Assert.DoesNotContain("http", report.Replace("http-equiv", "", StringComparison.Ordinal));
        // What the run says that it did can be run again.
        Assert.AreEqual(1, ExperimentFile.Load(Path.Combine(trial, "experiment.yaml")).Experiment.Training.ThreadCount);
    }

    [TestMethod]
    [DataRow("gaussian  epoch 1/", DisplayName = "in the first autoencoder")]
    [DataRow("information-dropout  epoch 1/", DisplayName = "in the second autoencoder")]
    public void An_interrupted_comparison_resumes_to_the_bounds_of_an_uninterrupted_one(string moment)
    {
        using var folder = new TemporaryFolder();
        var file = Declare(folder);
        var whole = Train(folder, file, "--json");

        var root = folder["others"];
        var interrupted = TestTerminal.InterruptAt(moment, "train", file, "--output", root, "--json");
        Assert.AreEqual(ExitCode.Interrupted, interrupted.ExitCode, interrupted.Error);
        StringAssert.Contains(
            interrupted.ErrorLines.Single(),
            $"Continue with: ./noisynn train {file} --output {root} --json --resume",
            StringComparison.Ordinal
        );
        Assert.IsFalse(File.Exists(Path.Combine(root, "trial", "summary.json")));
        Assert.Contains("epochs: 2", TestTerminal.Run("train", file, "--output", root, "--resume", "--set", "training.epochs=3").Error);

        var resumed = TestTerminal.Run("train", file, "--output", root, "--json", "--resume");
        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        Assert.AreEqual(Figures(whole.Output), Figures(resumed.Output));
        foreach (var training in new[] { "gaussian", "information-dropout" })
            Assert.AreSequenceEqual(
                File.ReadAllBytes(folder[$"runs/trial/{training}/{NetworkFile.FileName}"]),
                File.ReadAllBytes(Path.Combine(root, "trial", training, NetworkFile.FileName))
            );
        Assert.Contains("no interrupted run", TestTerminal.Run("train", file, "--output", root, "--resume").Error);

        static string Figures(string summary)
        {
            var runs = JsonNode.Parse(summary)!["runs"]!.AsArray();
            foreach (var row in runs)
            {
                row!.AsObject().Remove("trainSeconds");
                row.AsObject().Remove("imagesPerSecond");
            }
            return runs.ToJsonString();
        }
    }

    [TestMethod]
    public void Several_seeds_are_summed_up_in_nats()
    {
        using var folder = new TemporaryFolder();
        var run = Train(folder, Declare(folder), "--set", "seed=[1, 2]", "--set", "training.epochs=1");
        Assert.AreEqual(0, run.ExitCode, run.Error);

        var summary = JsonNode.Parse(File.ReadAllText(folder["runs/trial/summary.json"]))!;
        var networks = summary["networks"]!.AsArray();
        Assert.AreSequenceEqual(["gaussian", "information-dropout"], networks.Select(network => network!["name"]!.GetValue<string>()));
        for (var network = 0; network < 2; network++)
        {
            var bounds = new[] { 1, 2 }.Select(seed =>
                JsonNode.Parse(File.ReadAllText(folder[$"runs/trial/seed-{seed}/summary.json"]))!["runs"]![network]!["bound"]![
                    "test"
                ]!.GetValue<double>()
            );
            Assert.AreEqual(bounds.Average(), networks[network]!["test"]!["mean"]!.GetValue<double>(), 1e-9);
            Assert.AreEqual("nats", networks[network]!["unit"]!.GetValue<string>());
            Assert.Contains(
                string.Create(CultureInfo.InvariantCulture, $"test {bounds.Average():F2} ± "),
                run.Output,
                StringComparison.Ordinal
            );
        }
        Assert.Contains("information-dropout minus gaussian, paired: ", run.Output);
        Assert.Contains(
            $"{networks[0]!["test"]!["mean"]!.GetValue<double>().ToString("F2", CultureInfo.InvariantCulture)} nats",
            File.ReadAllText(folder["runs/trial/report.html"])
        );
    }

    [TestMethod]
    public void Each_fold_judges_once()
    {
        using var folder = new TemporaryFolder();
        var run = Train(folder, Declare(folder), "--set", "data.folds=2", "--set", "training.epochs=1");
        Assert.AreEqual(0, run.ExitCode, run.Error);

        var summary = JsonNode.Parse(File.ReadAllText(folder["runs/trial/summary.json"]))!;
        Assert.AreEqual("folds", summary["over"]!.GetValue<string>());
        Assert.AreSequenceEqual(
            ["fold-1", "fold-2"],
            summary["replicates"]!.AsArray().Select(replicate => replicate!["name"]!.GetValue<string>())
        );
        Assert.AreEqual(40, summary["replicates"]!.AsArray().Sum(replicate => replicate!["summary"]!["dataset"]!["test"]!.GetValue<int>()));
        Assert.Contains("bound on the fold that judged", File.ReadAllText(folder["runs/trial/report.html"]));
    }

    [TestMethod]
    public void The_gaussian_posterior_alone_is_one_training()
    {
        using var folder = new TemporaryFolder();
        var run = Train(folder, Declare(folder, "posterior: gaussian"), "--json", "--set", "training.epochs=1");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("gaussian", JsonNode.Parse(run.Output)!["runs"]!.AsArray().Single()!["name"]!.GetValue<string>());

        var alone = Train(folder, Declare(folder), "--json", "--set", "training.epochs=1", "--set", "evaluation.baseline=false");
        Assert.AreEqual("information-dropout", JsonNode.Parse(alone.Output)!["runs"]!.AsArray().Single()!["name"]!.GetValue<string>());
    }

    [TestMethod]
    public void A_training_section_has_the_recipe_of_an_autoencoder_where_it_says_nothing()
    {
        using var folder = new TemporaryFolder();
        var file = Declare(folder);
        var (declared, defaults) = (ExperimentFile.Load(file).Experiment.Training, new InformationVaeTrainer.Options());

        Assert.AreEqual(2, declared.MaxEpoch);
        Assert.AreEqual(defaults.FinalLearningRateRatio, declared.FinalLearningRateRatio);
        Assert.AreEqual(
            (0.1, 0.0, 0.0, 0.0),
            (declared.FinalLearningRateRatio, declared.WeightDecay, declared.ClipNorm, declared.LabelSmoothing)
        );
        StringAssert.Contains(ExperimentFile.Load(file).Effective, "labelSmoothing: 0\n", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("training.labelSmoothing=0.2", "training: labelSmoothing is 0.2; an autoencoder has no classes to smooth; set it to 0")]
    [DataRow("training.balanceClasses=true", "training: balanceClasses is True; an autoencoder has no classes to balance")]
    [DataRow("noise.input={family: gaussian, standardDeviation: 3}", "has no noise beside that of its posterior; leave it out")]
    [DataRow("pipeline=[{family: gaussian, standardDeviation: 3}]", "has no noise on its pixels; leave it out")]
    [DataRow("evaluation.leak={family: optimal-mixing, axis: batch}", "has no class to leak; leave evaluation.leak out")]
    [DataRow("evaluation.batches=[1, 4]", "has no protocol of batches; leave evaluation.batches out")]
    [DataRow("evaluation.shuffles=3", "has no protocol of shuffled orders; leave evaluation.shuffles out")]
    [DataRow("network.pretrained=weights.safetensors", "no files of weights for autoencoders are known")]
    [DataRow("network.patchSize=4", "'patchSize' is a key of noisy-vit; it belongs to another architecture than information-vae")]
    [DataRow("network.latentDimension=0", "network.latentDimension must be at least 1")]
    [DataRow("name=a/b", "'a/b' cannot name a run folder")]
    public void What_does_not_go_with_an_autoencoder_is_refused_with_its_place(string assignment, string reason)
    {
        using var folder = new TemporaryFolder();
        var refused = Train(folder, Declare(folder), "--set", assignment);

        Assert.AreEqual(ExitCode.Misused, refused.ExitCode);
        StringAssert.Contains(refused.Error, reason, StringComparison.Ordinal);
        StringAssert.Matches(refused.Error, Place());
    }

    [TestMethod]
    public void The_file_that_a_run_writes_states_the_defaults_of_its_own_network_and_is_read_back()
    {
        using var folder = new TemporaryFolder();
        using var classifier = new TinyExperiment();
        var autoencoder = ExperimentFile.Load(Declare(folder), ["evaluation={}"]);

        Assert.Contains("draws: 50", autoencoder.Effective);
        Assert.DoesNotContain("shuffles", autoencoder.Effective);
        Assert.DoesNotContain("batches", autoencoder.Effective);
        Assert.AreEqual(autoencoder.Effective, ExperimentFile.Parse(autoencoder.Effective, "written.yaml").Effective);
        var written = ExperimentFile.Load(classifier.Declaration, ["evaluation={}"]).Effective;
        Assert.Contains("shuffles: 5", written);
        Assert.DoesNotContain("draws", written);
        Assert.AreEqual(written, ExperimentFile.Parse(written, "written.yaml").Effective);
    }

    [TestMethod]
    public void Draws_are_refused_for_a_classifier()
    {
        using var experiment = new TinyExperiment();
        var refused = Assert.ThrowsExactly<DeclarationException>(() => ExperimentFile.Load(experiment.Declaration, ["evaluation.draws=5"]));
        StringAssert.Contains(refused.Message, "evaluation.draws are those of an autoencoder's codes", StringComparison.Ordinal);
    }

    [TestMethod]
    public void An_unknown_key_names_its_line_and_the_nearest_valid_one()
    {
        using var folder = new TemporaryFolder();
        var file = Declare(folder, "latentDimensions: 3");
        var refused = Assert.ThrowsExactly<DeclarationException>(() => ExperimentFile.Load(file));
        StringAssert.Contains(refused.Message, "latentDimension", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^error: (--set |\S*trial\.yaml:\d+: )")]
    private static partial Regex Place();

    static TestTerminal Train(TemporaryFolder folder, string file, params string[] options) =>
        TestTerminal.Run(["train", file, "--output", folder["runs"], .. options]);

    static string Declare(TemporaryFolder folder, string network = "latentDimension: 3")
    {
        foreach (var (name, red) in new[] { ("red", true), ("blue", false) })
            for (var number = 0; number < 20; number++)
                folder.Write($"images/{name}/{number:00}.png", TinyExperiment.Image(number, red));
        var path = folder["trial.yaml"];
        File.WriteAllText(
            path,
            $"""
            name: trial
            data:
              directory: {folder["images"]}
              imageSize: 8
              channels: 1
            network:
              architecture: information-vae
              {network}
              hiddenDimension: 12
            training:
              epochs: 2
              batchSize: 8
              threads: 1
            evaluation:
              draws: 5
            """
        );
        return path;
    }
}
