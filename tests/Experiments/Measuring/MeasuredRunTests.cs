using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments.Measuring;

/// <summary>Entropies of layers during a training, random labels and scaled weights, through the command line.</summary>
[TestClass]
public sealed class MeasuredRunTests
{
    static readonly TinyExperiment s_experiment = new();

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    [TestMethod]
    public void Measuring_changes_no_weight_and_is_in_metrics_summary_events_and_report()
    {
        Run("plain", "training.epochs=2");
        var measuredRun = Run(
            "measured",
            "training.epochs=2",
            "training.tensorBoard=true",
            "measure={rows: 20, maxShare: 1, subsamples: 20}"
        );

        foreach (var network in (string[])["vanilla", "noisy"])
            CollectionAssert.AreEqual(
                File.ReadAllBytes(s_experiment[$"runs/plain/{network}/network.safetensors"]),
                File.ReadAllBytes(s_experiment[$"runs/measured/{network}/network.safetensors"]),
                network
            );

        var epochs = File.ReadLines(s_experiment["runs/measured/vanilla/metrics.jsonl"])
            .Select(line => JsonNode.Parse(line)!)
            .Where(line => line["epochCompleted"]!.GetValue<bool>())
            .ToArray();
        var measured = epochs.SelectMany(epoch => epoch["measured"]!.AsArray()).ToArray();
        var layers = measured.Select(one => one!["layer"]!.GetValue<string>()).Distinct().ToArray();
        CollectionAssert.IsSubsetOf((string[])["block.0", "block.1"], layers);
        // Three epochs (0 is before the training) and three bandwidths.
        Assert.HasCount(3 * 3 * layers.Length, measured);
        Assert.AreEqual(0, measured[0]!["epoch"]!.GetValue<int>());
        Assert.AreEqual("fixed", measured[0]!["setting"]!.GetValue<string>());
        foreach (var figure in (string[])["dse", "dseLow", "labelDsmi", "inputDsmi", "permutedDsmi", "medianDistance", "sigma"])
            Assert.IsNotNull(measured[0]!["figures"]![figure], figure);

        var summary = JsonNode.Parse(File.ReadAllText(s_experiment["runs/measured/summary.json"]))!["measured"]!.AsArray();
        Assert.HasCount(2, summary);
        Assert.IsTrue(summary[0]!["share"]!.GetValue<double>() is > 0 and < 1);
        Assert.AreEqual(2, summary[0]!["layers"]![0]!["lastEpoch"]!.GetValue<int>());
        StringAssert.Contains(measuredRun.Output, "entropies of vanilla at 3 epochs: ");
        StringAssert.Contains(File.ReadAllText(s_experiment["runs/measured/report.html"]), "Entropies during training");
        var events = Directory.GetFiles(s_experiment["runs/measured/vanilla"], "events.out.tfevents.*").Single();
        StringAssert.Contains(
            System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(events)),
            "measure/block.0/median-distance/labelDsmi"
        );
    }

    [TestMethod]
    public void A_layer_that_the_network_lacks_is_refused_before_the_training()
    {
        var run = s_experiment.Train("unknown", "measure={layers: [block.7]}");
        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        StringAssert.Contains(run.Error, "measure.layers has 'block.7'; the network has block.0, block.1");
        StringAssert.Contains(
            s_experiment.Train("few", "measure={}", "data.validationLimit=5").Error,
            "there are 5 validation rows to measure"
        );
    }

    [TestMethod]
    public void Random_labels_leave_nothing_to_learn_and_are_told()
    {
        Run("random", "data.randomLabels=1", "evaluation={baseline: true}", "training.epochs=1");
        StringAssert.Contains(File.ReadAllText(s_experiment["runs/random/experiment.yaml"]), "randomLabels: 1");
        var loss = (string run) =>
            JsonNode.Parse(File.ReadLines(s_experiment[$"runs/{run}/vanilla/metrics.jsonl"]).Last())!["loss"]!.GetValue<double>();
        Run("true", "evaluation={baseline: true}", "training.epochs=1");
        Assert.IsGreaterThan(loss("true") + 0.02, loss("random"));
    }

    [TestMethod]
    public void Scaled_initial_weights_are_another_training_that_a_checkpoint_tells_apart()
    {
        Run("scaled", "training={epochs: 1, batchSize: 8, initialScale: 3, threads: 1}", "noise={}", "evaluation={}");
        var weights = Directory.GetFiles(s_experiment["runs/scaled/vanilla"], "checkpoint-*.json");
        StringAssert.Contains(File.ReadAllText(weights[0]), @"InitialScale\u0022:\u00223");
        StringAssert.Contains(File.ReadAllText(s_experiment["runs/scaled/experiment.yaml"]), "initialScale: 3");
        var refused = s_experiment.Train("wrong", "training.initialScale=0");
        StringAssert.Contains(refused.Error, "initialScale");
    }

    static TestTerminal Run(string name, params string[] overrides)
    {
        var run = s_experiment.Train(name, overrides);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return run;
    }
}
