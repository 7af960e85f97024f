using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments;

/// <summary>The whole job on a few small images, through the command line.</summary>
[TestClass]
public sealed class ExperimentRunTests
{
    static readonly TinyExperiment s_experiment = new();
    static TestTerminal s_run = null!;

    [ClassInitialize]
    public static void Train(TestContext context) =>
        s_run = TestTerminal.Run("train", s_experiment.Declaration, "--output", s_experiment.Runs);

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    static JsonNode Summary => JsonNode.Parse(File.ReadAllText(s_experiment["runs/tiny/summary.json"]))!;

    [TestMethod]
    public void The_run_folder_holds_model_checkpoints_metrics_summary_and_report_and_nothing_half_written()
    {
        Assert.AreEqual(0, s_run.ExitCode, s_run.Error);
        foreach (
            var file in (string[])
                [
                    "model.onnx",
                    "summary.json",
                    "report.html",
                    "model-card.md",
                    "metrics.jsonl",
                    "experiment.yaml",
                    "vanilla/metrics.jsonl",
                    "noisy/metrics.jsonl",
                    "vanilla/network.safetensors",
                    "noisy/network.safetensors",
                ]
        )
            Assert.IsTrue(File.Exists(s_experiment[$"runs/tiny/{file}"]), file);
        Assert.IsTrue(Directory.EnumerateFiles(s_experiment["runs/tiny/vanilla"], "checkpoint-*").Any());
        Assert.AreEqual("tiny", new DirectoryInfo(s_experiment["runs/latest"]).LinkTarget);
        Assert.IsFalse(
            Directory
                .EnumerateFiles(s_experiment.Runs, "*", SearchOption.AllDirectories)
                .Any(file => file.EndsWith(".partial", StringComparison.Ordinal) || file.EndsWith(".tmp", StringComparison.Ordinal))
        );
    }

    [TestMethod]
    public void Memory_for_rows_is_what_the_experiment_says_or_else_what_the_run_was_given()
    {
        // A number that no training takes tells where it has come to.
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => Run("name=given")).Message, "RowMemoryBytes is -1");
        Assert.HasCount(1, Run("name=declared", "training.rowMemoryBytes=0").Runs);

        static Pipelines.Reports.Summary Run(params string[] overrides)
        {
            var experiment = ExperimentFile.Load(
                s_experiment.Declaration,
                [.. overrides, "training.epochs=1", "evaluation={baseline: false}"]
            );
            using var folder = RunFolder.Open(s_experiment["memory"], experiment, resume: false);
            var display = new ProgressDisplay(new Terminal(TextWriter.Null, TextWriter.Null, interactive: false, CancellationToken.None));
            return new ExperimentRunner(experiment, folder, "./noisynn train tiny.yaml", display, rowMemoryBytes: -1).Run(
                CancellationToken.None
            );
        }
    }

    [TestMethod]
    public void The_summary_has_every_figure_that_is_promised()
    {
        foreach (var engine in (string[])["mlnet", "torch", "onnxruntime", "device"])
            Assert.AreNotEqual("", Summary["engines"]![engine]!.GetValue<string>(), engine);
        StringAssert.StartsWith(Summary["command"]!.GetValue<string>(), "./noisynn train ");
        Assert.AreEqual(1, Summary["seed"]!.GetValue<int>());

        var data = Summary["dataset"]!;
        Assert.AreEqual("images", data["name"]!.GetValue<string>());
        Assert.AreEqual(80, data["train"]!.GetValue<int>() + data["validation"]!.GetValue<int>() + data["test"]!.GetValue<int>());
        Assert.AreEqual(64, data["sha256"]!.GetValue<string>().Length);

        var runs = Summary["runs"]!.AsArray();
        CollectionAssert.AreEqual(new[] { "vanilla", "noisy" }, runs.Select(run => run!["name"]!.GetValue<string>()).ToArray());
        foreach (var run in runs)
        {
            Assert.AreEqual(3, run!["epochs"]!.GetValue<int>());
            Assert.IsTrue(run["trainSeconds"]!.GetValue<double>() > 0);
            Assert.IsTrue(run["imagesPerSecond"]!.GetValue<double>() > 0);
            Assert.IsTrue(run["validationAccuracy"]!.GetValue<double>() is >= 0 and <= 1);
        }

        var cells = Summary["protocol"]!
            .AsArray()
            .Where(row => row!["noise"]!.GetValue<string>() != "off")
            .Select(row => (row!["order"]!.GetValue<string>(), row["batch"]!.GetValue<int>()))
            .ToArray();
        CollectionAssert.AreEquivalent(new[] { ("sorted", 1), ("shuffled", 1), ("sorted", 4), ("shuffled", 4) }, cells);
        // The declared site and the features before the head, whatever the first showed.
        StringAssert.Contains(Summary["protocolSite"]!.GetValue<string>(), "attention input");
        var second = Summary["protocolBeforeHead"]!;
        StringAssert.Contains(second["protocolSite"]!.GetValue<string>(), "before the head");
        Assert.HasCount(cells.Length + 1, second["protocol"]!.AsArray());
        StringAssert.Contains(s_run.Output, "on the features before the head");
        StringAssert.Contains(File.ReadAllText(s_experiment["runs/tiny/report.html"]), "The same noise before the head");
        Assert.IsTrue(double.IsFinite(Summary["leakIndex"]!.GetValue<double>()));
        Assert.IsTrue(Summary["batchInvariance"]!.GetValue<double>() < 1e-4);
        Assert.IsTrue(runs.All(run => run!["batchInvariant"]!.GetValue<bool>()));
        Assert.AreEqual(1, Summary["engines"]!["threads"]!.GetValue<int>(), "what trained, as declared");
    }

    [TestMethod]
    public void Colours_are_told_apart_and_the_ONNX_file_does_as_well_as_the_network()
    {
        var noisy = Summary["runs"]![1]!["testAccuracy"]!.GetValue<double>();

        Assert.IsTrue(noisy >= 0.9, $"red against blue: {noisy}");
        Assert.AreEqual(noisy, Summary["onnx"]!["testAccuracy"]!.GetValue<double>(), 0.0005);
        Assert.IsTrue(Summary["onnx"]!["maxAbsDifference"]!.GetValue<double>() <= 1e-4);
    }

    [TestMethod]
    public void A_single_row_is_not_changed_by_mixing_across_the_batch()
    {
        var rows = Summary["protocol"]!.AsArray();
        var off = rows.Single(row => row!["noise"]!.GetValue<string>() == "off")!["accuracy"]!.GetValue<double>();
        var alone = rows.First(row => row!["noise"]!.GetValue<string>() != "off" && row["batch"]!.GetValue<int>() == 1)![
            "accuracy"
        ]!.GetValue<double>();

        Assert.AreEqual(off, alone);
    }

    [TestMethod]
    public void The_result_is_printed_and_progress_goes_elsewhere()
    {
        StringAssert.Contains(s_run.Output, "with noise off");
        StringAssert.Contains(s_run.Output, "report:");
        StringAssert.Contains(s_run.Error, "training vanilla");
        Assert.IsFalse(s_run.Output.Contains("epoch 1/3", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Evaluate_finds_the_figure_of_the_summary()
    {
        var run = TestTerminal.Run("evaluate", s_experiment["runs/tiny"], "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var evaluation = JsonNode.Parse(run.Output)!;
        Assert.AreEqual(Summary["onnx"]!["testAccuracy"]!.GetValue<double>(), evaluation["accuracy"]!.GetValue<double>(), 1e-9);
        Assert.AreEqual(Summary["dataset"]!["test"]!.GetValue<long>(), evaluation["rows"]!.GetValue<long>());
        Assert.AreEqual(
            evaluation["rows"]!.GetValue<long>(),
            evaluation["confusion"]!.AsArray().Sum(row => row!.AsArray().Sum(cell => cell!.GetValue<long>()))
        );
    }

    [TestMethod]
    public void Export_writes_a_network_of_the_run_again()
    {
        var path = s_experiment["exported.onnx"];
        var run = TestTerminal.Run("export", s_experiment["runs/tiny"], "--network", "noisy", "--output", path, "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.IsTrue(JsonNode.Parse(run.Output)!["maxAbsDifference"]!.GetValue<double>() <= 1e-4);
        Assert.AreEqual(0, TestTerminal.Run("evaluate", path, "--data", s_experiment.Images).ExitCode);
    }

    [TestMethod]
    public void Score_writes_a_row_for_each_image_with_probabilities_that_sum_to_one()
    {
        var path = s_experiment["scores.csv"];
        var run = TestTerminal.Run(
            "score",
            s_experiment["runs/tiny"],
            Path.Combine(s_experiment.Images, "red"),
            "--output",
            path,
            "--batch-size",
            "7"
        );

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var lines = File.ReadAllLines(path);
        Assert.AreEqual("image,predicted,probability,blue,red", lines[0]);
        Assert.AreEqual(40, lines.Length - 1);
        foreach (var fields in lines.Skip(1).Select(line => line.Split(',')))
            Assert.AreEqual(1, double.Parse(fields[3]) + double.Parse(fields[4]), 1e-5);
        Assert.IsTrue(lines.Skip(1).Count(line => line.Split(',')[1] == "red") >= 36);
    }

    [TestMethod]
    public void Score_takes_the_test_rows_of_a_data_set_as_well()
    {
        var path = s_experiment["set.csv"];
        var run = TestTerminal.Run("score", s_experiment["runs/tiny"], "--data", s_experiment.Images, "--output", path);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(Summary["dataset"]!["test"]!.GetValue<int>(), File.ReadAllLines(path).Length - 1);
        Assert.AreEqual(ExitCode.Misused, TestTerminal.Run("score", s_experiment["runs/tiny"]).ExitCode, "neither images nor a data set");
    }

    [TestMethod]
    public void An_image_that_cannot_be_read_is_named_and_left_out_and_the_exit_code_says_so()
    {
        var broken = Directory.CreateDirectory(s_experiment["broken"]).FullName;
        File.WriteAllBytes(Path.Combine(broken, "a.png"), TinyExperiment.Image(1, red: true));
        File.WriteAllBytes(Path.Combine(broken, "b.png"), TinyExperiment.Image(2, red: true)[..60]);
        var path = s_experiment["broken.csv"];

        var strict = TestTerminal.Run("score", s_experiment["runs/tiny"], broken, "--output", path);
        Assert.AreEqual(ExitCode.Incomplete, strict.ExitCode);
        StringAssert.Contains(strict.Error, "unreadable, left out: " + Path.Combine(broken, "b.png"));
        Assert.AreEqual(2, File.ReadAllLines(path).Length);
        File.Delete(path);

        var lenient = TestTerminal.Run("score", s_experiment["runs/tiny"], broken, "--output", path, "--skip-unreadable", "--json");
        Assert.AreEqual(0, lenient.ExitCode, lenient.Error);
        Assert.AreEqual(1, JsonNode.Parse(lenient.Output)!["skipped"]!.GetValue<int>());
        Assert.AreEqual(2, File.ReadAllLines(path).Length);
    }

    [TestMethod]
    [DataRow("vanilla  epoch 1/3")]
    [DataRow("noisy  epoch 2/3")]
    public void A_run_that_was_interrupted_and_resumed_ends_with_the_very_weights_of_an_uninterrupted_one(string moment)
    {
        var runs = s_experiment[$"interrupted-{moment[0]}"];
        var interrupted = TestTerminal.InterruptAt(moment, "train", s_experiment.Declaration, "--output", runs);
        Assert.AreEqual(ExitCode.Interrupted, interrupted.ExitCode, interrupted.Error);
        StringAssert.Contains(interrupted.ErrorLines.Single(), "--resume");
        Assert.IsFalse(File.Exists(Path.Combine(runs, "tiny", "summary.json")));

        var resumed = TestTerminal.Run("train", s_experiment.Declaration, "--output", runs, "--resume");

        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        StringAssert.Matches(resumed.Error, new($@"  {moment.Split(' ')[0]}: goes on from step \d+ of its last checkpoint"));
        StringAssert.Contains(resumed.Error, "% of all, ");
        foreach (var network in (string[])["vanilla", "noisy"])
            CollectionAssert.AreEqual(
                File.ReadAllBytes(s_experiment[$"runs/tiny/{network}/network.safetensors"]),
                File.ReadAllBytes(Path.Combine(runs, "tiny", network, "network.safetensors")),
                network
            );
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.25)]
    [DataRow(0.9)]
    [DataRow(0.999)]
    public void An_ONNX_file_that_ends_early_is_refused_in_one_line(double share)
    {
        var whole = File.ReadAllBytes(s_experiment["runs/tiny/model.onnx"]);
        var path = s_experiment[$"cut-{share}.onnx"];
        File.WriteAllBytes(path, whole[..(int)(whole.Length * share)]);

        var run = TestTerminal.Run("score", path, s_experiment.Images, "--output", s_experiment["cut.csv"]);

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), Path.GetFileName(path));
        Assert.IsFalse(File.Exists(s_experiment["cut.csv"]));
    }
}
