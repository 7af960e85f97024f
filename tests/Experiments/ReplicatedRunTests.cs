using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments;

/// <summary>Several seeds of one experiment through the command line: a process for each.</summary>
[TestClass]
public sealed class ReplicatedRunTests
{
    static readonly TinyExperiment s_experiment = new();
    static TestTerminal s_run = null!;

    static string[] Arguments(string runs, params string[] more) =>
        ["train", s_experiment.Declaration, "--set", "seed=[1, 2]", "--set", "training.epochs=2", "--output", s_experiment[runs], .. more];

    [ClassInitialize]
    public static void Train(TestContext context) => s_run = TestTerminal.Run(Arguments("runs"));

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    static JsonNode Json(string path) => JsonNode.Parse(File.ReadAllText(s_experiment[path]))!;

    static double Test(JsonNode summary, int run) => summary["runs"]![run]!["testAccuracy"]!.GetValue<double>();

    [TestMethod]
    public void Every_seed_is_a_complete_run_in_a_folder_of_its_own_and_latest_is_the_whole()
    {
        Assert.AreEqual(0, s_run.ExitCode, s_run.Error);
        foreach (var seed in (string[])["seed-1", "seed-2"])
        foreach (
            var file in (string[])
                ["model.onnx", "summary.json", "report.html", "metrics.jsonl", "experiment.yaml", "noisy/network.safetensors"]
        )
            Assert.IsTrue(File.Exists(s_experiment[$"runs/tiny/{seed}/{file}"]), $"{seed}/{file}");
        Assert.AreEqual("tiny", new DirectoryInfo(s_experiment["runs/latest"]).LinkTarget);
        Assert.IsFalse(Path.Exists(s_experiment["runs/tiny/latest"]));
        Assert.IsEmpty(
            Directory
                .EnumerateFiles(s_experiment.Runs, "*", SearchOption.AllDirectories)
                .Where(file => file.EndsWith(".tmp", StringComparison.Ordinal) || file.EndsWith(".lock", StringComparison.Ordinal))
        );
    }

    [TestMethod]
    public void A_seed_ends_in_the_bits_that_it_has_alone()
    {
        var alone = TestTerminal.Run(Arguments("alone", "--set", "seed=2", "--threads", "1"));

        Assert.AreEqual(0, alone.ExitCode, alone.Error);
        foreach (var network in (string[])["vanilla", "noisy"])
            CollectionAssert.AreEqual(
                File.ReadAllBytes(s_experiment[$"alone/tiny/{network}/network.safetensors"]),
                File.ReadAllBytes(s_experiment[$"runs/tiny/seed-2/{network}/network.safetensors"]),
                network
            );
    }

    [TestMethod]
    public void The_summary_has_every_seed_and_the_means_and_deviations_over_them()
    {
        var summary = Json("runs/tiny/summary.json");
        JsonNode[] seeds = [Json("runs/tiny/seed-1/summary.json"), Json("runs/tiny/seed-2/summary.json")];

        Assert.IsTrue(JsonNode.DeepEquals(seeds[1], summary["replicates"]![1]!["summary"]));
        for (var run = 0; run < 2; run++)
        {
            var (first, second) = (Test(seeds[0], run), Test(seeds[1], run));
            Assert.AreEqual((first + second) / 2, summary["networks"]![run]!["test"]!["mean"]!.GetValue<double>(), 1e-12);
            // Two values lie |a - b| / sqrt(2) apart from their mean, with the divisor n - 1.
            Assert.AreEqual(
                Math.Abs(first - second) / Math.Sqrt(2),
                summary["networks"]![run]!["test"]!["standardDeviation"]!.GetValue<double>(),
                1e-12
            );
        }
        Assert.AreEqual(Test(seeds[1], 1) - Test(seeds[1], 0), summary["difference"]!["each"]![1]!.GetValue<double>(), 1e-12);
        StringAssert.Contains(s_run.Output, "noisy minus vanilla, paired");
        StringAssert.Contains(s_run.Output, "Verdict: ");
        Assert.AreEqual(2, summary["difference"]!["effect"]!["count"]!.GetValue<int>());
        // The experiment shifts tokens within an image: a linear map, which the noisy network is also judged with.
        Assert.AreEqual(
            seeds[1]["runs"]![1]!["testAccuracyWithNoise"]!.GetValue<double>() - Test(seeds[1], 0),
            summary["differenceWithNoise"]!["each"]![1]!.GetValue<double>(),
            1e-12
        );
        Assert.IsNull(seeds[1]["runs"]![0]!["testAccuracyWithNoise"]);
        StringAssert.Contains(s_run.Error, "seed 2: training vanilla");
    }

    [TestMethod]
    public void Where_one_network_is_needed_the_run_stands_for_its_first_seed_and_for_its_rows()
    {
        var evaluated = TestTerminal.Run("evaluate", s_experiment["runs/latest"], "--json");

        Assert.AreEqual(0, evaluated.ExitCode, evaluated.Error);
        Assert.AreEqual(
            Json("runs/tiny/seed-1/summary.json")["onnx"]!["testAccuracy"]!.GetValue<double>(),
            JsonNode.Parse(evaluated.Output)!["accuracy"]!.GetValue<double>(),
            1e-9
        );
        Assert.AreEqual(
            0,
            TestTerminal
                .Run("export", s_experiment["runs/latest"], "--network", "vanilla", "--output", s_experiment["exported.onnx"])
                .ExitCode
        );
        Assert.AreEqual(
            0,
            TestTerminal
                .Run("score", s_experiment["runs/latest"], Path.Combine(s_experiment.Images, "red"), "--output", s_experiment["scores.csv"])
                .ExitCode
        );
    }

    [TestMethod]
    public void An_interrupted_run_goes_on_and_ends_with_the_same_bits()
    {
        var interrupted = TestTerminal.InterruptAt("vanilla  epoch 1/2", Arguments("interrupted"));
        Assert.AreEqual(ExitCode.Interrupted, interrupted.ExitCode, interrupted.Error);
        StringAssert.Contains(interrupted.ErrorLines.Single(), "--resume");
        Assert.IsFalse(File.Exists(s_experiment["interrupted/tiny/summary.json"]));

        var resumed = TestTerminal.Run(Arguments("interrupted", "--resume"));

        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        foreach (var network in (string[])["seed-1/vanilla", "seed-2/vanilla", "seed-1/noisy", "seed-2/noisy"])
            CollectionAssert.AreEqual(
                File.ReadAllBytes(s_experiment[$"runs/tiny/{network}/network.safetensors"]),
                File.ReadAllBytes(s_experiment[$"interrupted/tiny/{network}/network.safetensors"]),
                network
            );
    }

    [TestMethod]
    public void What_cannot_end_well_is_refused_once_with_the_line_of_the_users_file_and_leaves_nothing()
    {
        var run = TestTerminal.Run(Arguments("refused", "--set", "noise.latent.strength=0.5"));

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), s_experiment.Declaration);
        Assert.IsFalse(Path.Exists(s_experiment["refused/tiny"]));
    }
}
