using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;
using NoisyNN.Tests.Images;

namespace NoisyNN.Tests.Experiments.Domains;

/// <summary>Networks that are also judged on another domain: darker images of the same two classes.</summary>
[TestClass]
public sealed class DomainRunTests
{
    static readonly TinyExperiment s_experiment = new();
    static readonly TemporaryFolder s_folder = new();

    static string Target => s_folder["target"];

    [ClassInitialize]
    public static void Write(TestContext context)
    {
        for (var number = 0; number < 30; number++)
            foreach (var (name, split) in new[] { ("red", "train"), ("blue", "train"), ("red", "test"), ("blue", "test") })
                s_folder.Write($"target/{split}/{name}/{number:00}.png", Dark(number + (split == "test" ? 100 : 0), name == "red"));
    }

    [ClassCleanup]
    public static void Remove()
    {
        s_experiment.Dispose();
        s_folder.Dispose();
    }

    [TestMethod]
    public void The_accuracy_on_the_target_is_in_summary_report_and_output()
    {
        var run = Start("shifted", $"domain={{directory: {Target}, testLimit: 40}}");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var summary = Summary("shifted");
        Assert.AreEqual(40, summary["target"]!["test"]!.GetValue<int>());
        Assert.IsTrue(TargetAccuracy("shifted") is >= 0 and <= 1);
        StringAssert.Contains(File.ReadAllText(s_experiment["runs/shifted/report.html"]), "40 test rows of the target target");
        StringAssert.Contains(run.Output + run.Error, "on the target");
    }

    [TestMethod]
    public void Batch_statistics_of_the_target_leave_the_network_and_its_own_accuracy_as_they_are()
    {
        Assert.AreEqual(0, Start("plain", $"domain={{directory: {Target}}}").ExitCode);
        var adapted = Start("adapted", $"domain={{directory: {Target}, adaptation: batch-statistics}}");

        Assert.AreEqual(0, adapted.ExitCode, adapted.Error);
        Assert.AreEqual(
            Summary("plain")["runs"]![0]!["testAccuracy"]!.GetValue<double>(),
            Summary("adapted")["runs"]![0]!["testAccuracy"]!.GetValue<double>()
        );
        CollectionAssert.AreEqual(
            File.ReadAllBytes(s_experiment["runs/plain/vanilla/network.safetensors"]),
            File.ReadAllBytes(s_experiment["runs/adapted/vanilla/network.safetensors"])
        );
    }

    [TestMethod]
    public void Alignment_trains_another_network_and_reports_its_penalty()
    {
        Assert.AreEqual(0, Start("unaligned", $"domain={{directory: {Target}}}").ExitCode);
        var aligned = Start("aligned", $"domain={{directory: {Target}, adaptation: alignment, alignmentWeight: 2}}");

        Assert.AreEqual(0, aligned.ExitCode, aligned.Error);
        CollectionAssert.AreNotEqual(
            File.ReadAllBytes(s_experiment["runs/unaligned/vanilla/network.safetensors"]),
            File.ReadAllBytes(s_experiment["runs/aligned/vanilla/network.safetensors"])
        );
        var epoch = JsonNode.Parse(File.ReadLines(s_experiment["runs/aligned/vanilla/metrics.jsonl"]).Last())!;
        Assert.IsGreaterThanOrEqualTo(0, epoch["penalties"]!["alignment"]!.GetValue<double>());
    }

    [TestMethod]
    public void A_target_with_other_classes_is_refused_before_the_training()
    {
        using var folder = new TemporaryFolder();
        for (var number = 0; number < 10; number++)
            foreach (var name in new[] { "red", "green" })
                folder.Write($"{name}/{number}.png", Dark(number, name == "red"));

        var run = Start("strange", $"domain={{directory: {folder.Path}}}");

        Assert.AreNotEqual(0, run.ExitCode);
        StringAssert.Contains(run.Error, "has the classes green, red, and images has blue, red");
    }

    [TestMethod]
    [DataRow("domain={adaptation: alignment}", "give either 'manifest' or 'directory'")]
    [DataRow("domain={directory: a, manifest: b}", "give either 'manifest' or 'directory'")]
    public void A_target_without_one_place_is_refused(string setting, string message)
    {
        var run = Start("nowhere", setting);

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        StringAssert.Contains(run.Error, message);
    }

    [TestMethod]
    public void Batch_statistics_need_a_network_that_has_some()
    {
        var run = Start(
            "transformer",
            $"domain={{directory: {Target}, adaptation: batch-statistics}}",
            "network={patchSize: 4, dimension: 16, depth: 1, heads: 2}"
        );

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        StringAssert.Contains(run.Error, "has no batch normalisation");
    }

    static JsonNode Summary(string name) => JsonNode.Parse(File.ReadAllText(s_experiment[$"runs/{name}/summary.json"]))!;

    static double TargetAccuracy(string name) => Summary(name)["runs"]![0]!["targetAccuracy"]!.GetValue<double>();

    static byte[] Dark(int number, bool red) =>
        ImageFiles.Png(
            8,
            8,
            (x, y) =>
            {
                var shade = (byte)(20 + (number * 37 + x * 11 + y * 5) % 40);
                return red ? (shade, (byte)0, (byte)(number % 7)) : ((byte)(number % 7), (byte)0, shade);
            }
        );

    static TestTerminal Start(string name, params string[] overrides) =>
        s_experiment.Train(
            name,
            [
                "evaluation={baseline: false, batches: [4], shuffles: 1}",
                "noise={}",
                "network={architecture: noisy-resnet, depth: 18, width: 4}",
                "training={epochs: 1, batchSize: 8, threads: 1}",
                .. overrides,
            ]
        );
}
