using System.Security.Cryptography;
using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments.Sweeps;

/// <summary>Settings that do worse on validation rows end early, and which ones follows from files alone.</summary>
[TestClass]
public sealed class EarlyStoppingTests
{
    const string Halving = "sweep:\n  grid:\n    training.learningRate: [1e-2, 1e-3, 1e-4, 1e-5]\n  stop: {epochs: [1, 3]}\n";

    static SweepFolder Sweep(TemporaryFolder folder)
    {
        var file = ExperimentFile.Parse($"name: sweep\ndata: {{manifest: fashion-mnist}}\nseed: [1, 2]\n{Halving}", "sweep.yaml");
        return new SweepFolder(folder.Path, file);
    }

    static void Reach(SweepFolder sweep, int epoch, params double?[] figures)
    {
        for (var index = 0; index < figures.Length; index++)
            if (figures[index] is { } figure)
            {
                Directory.CreateDirectory(sweep.PathOf(sweep.Trials[index]));
                Assert.IsTrue(sweep.Stopping!.Reach(sweep.Trials[index], epoch, figure));
            }
    }

    static string Gates(SweepFolder sweep) => string.Join(' ', sweep.Trials.Select(trial => sweep.Stopping!.Look(trial).State));

    [TestMethod]
    public void At_a_rung_all_wait_for_the_last_one_and_the_better_half_by_the_mean_over_seeds_continues()
    {
        using var folder = new TemporaryFolder();
        var sweep = Sweep(folder);
        Reach(sweep, 1, 0.9, 0.1, 0.6, 0.6, 0.8, 0.7, 0.2, null);
        Assert.AreEqual("Waits Waits Waits Waits Waits Waits Waits Open", Gates(sweep));

        // Means 0.5, 0.6, 0.75 and 0.3: the second and the third setting continue.
        Reach(sweep, 1, 0.9, 0.1, 0.6, 0.6, 0.8, 0.7, 0.2, 0.4);
        Assert.AreEqual("Stopped Stopped Open Open Open Open Stopped Stopped", Gates(sweep));
        StringAssert.Contains(sweep.Stopping!.Look(sweep.Trials[0]).Reason, "validation 0.5, rank 3 of 4 settings, of which 2 continue");

        // The next rung is among those alone.
        Reach(sweep, 3, null, null, 0.9, 0.8, 0.7, null);
        Assert.AreEqual("Stopped Stopped Waits Waits Waits Open Stopped Stopped", Gates(sweep));
        Reach(sweep, 3, null, null, null, null, null, 0.8);
        Assert.AreEqual("Stopped Stopped Open Open Stopped Stopped Stopped Stopped", Gates(sweep));
    }

    [TestMethod]
    public void Of_equal_settings_the_earlier_one_continues_and_other_epochs_are_no_rungs()
    {
        using var folder = new TemporaryFolder();
        var sweep = Sweep(folder);
        Reach(sweep, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5);

        Assert.AreEqual("Open Open Open Open Stopped Stopped Stopped Stopped", Gates(sweep));
        Assert.IsFalse(sweep.Stopping!.Reach(sweep.Trials[0], 2, 0.5));
    }

    [TestMethod]
    [DataRow("sweep: {grid: {training.batchSize: [8, 16]}, stop: {epochs: []}}", "name the epochs")]
    [DataRow("sweep: {grid: {training.batchSize: [8, 16]}, stop: {epochs: [3, 2]}}", "each must be later")]
    [DataRow("sweep: {grid: {training.batchSize: [8, 16]}, stop: {epochs: [1], keep: 1.5}}", "keep")]
    [DataRow("sweep: {arms: [{name: a}, {name: b, set: {seed: 2}}], stop: {epochs: [1]}}", "a stopped arm has no pairs")]
    public void What_cannot_be_halved_is_refused_where_it_is_declared(string sweep, string message)
    {
        var refused = Assert.ThrowsExactly<DeclarationException>(() =>
            ExperimentFile.Parse($"name: sweep\ndata: {{manifest: fashion-mnist}}\n{sweep}\n", "sweep.yaml")
        );

        StringAssert.Contains(refused.Message, message);
    }

    [TestMethod]
    public void A_sweep_stops_the_same_trials_here_and_trial_by_trial_and_the_others_keep_their_bits()
    {
        using var tiny = new TinyExperiment();
        var file = tiny["sweep.yaml"];
        File.WriteAllText(
            file,
            File.ReadAllText(tiny.Declaration)
                .Replace("  epochs: 3", "  epochs: 2", StringComparison.Ordinal)
                .Replace("evaluation:", "evaluation:\n  baseline: false", StringComparison.Ordinal)
                + "\nsweep:\n  grid:\n    training.learningRate: [1e-7, 3e-3, 1e-2]\n  stop: {epochs: [1], keep: 0.4}\n"
        );
        string[] Arguments(string name, params string[] more) =>
            ["train", file, "--output", tiny.Runs, "--threads", "1", "--set", $"name={name}", .. more];

        var here = TestTerminal.Run(Arguments("here"));
        Assert.AreEqual(0, here.ExitCode, here.Error);
        StringAssert.Contains(here.Output, "1 trials were stopped early");
        var summary = JsonNode.Parse(File.ReadAllText(tiny["runs/here/summary.json"]))!;
        Assert.AreEqual(1, summary["stopped"]!.GetValue<int>());
        Assert.HasCount(2, summary["points"]!.AsArray());
        var stopped = summary["trials"]!.AsArray().Single(trial => trial!["state"]!.ToString() == "stopped")!;
        Assert.IsNull(stopped["test"], "test rows have no part in it");
        var worst = Enumerable
            .Range(1, 3)
            .OrderBy(point => Figure(tiny[$"runs/here/point-{point}/rung-1.json"]))
            .ThenByDescending(point => point)
            .First();
        Assert.AreEqual($"point-{worst}", stopped["name"]!.ToString());
        Assert.AreEqual(0, TestTerminal.Run("runs", "--output", tiny.Runs).ExitCode);

        // From the last trial to the first, again and again, as a scheduler may.
        Assert.AreEqual(0, TestTerminal.Run(Arguments("there", "--prepare")).ExitCode);
        var folder = tiny["runs/there"];
        var codes = Enumerable.Range(0, 6).Select(turn => TestTerminal.Run("trial", folder, $"{2 - turn % 3}").ExitCode).ToArray();
        CollectionAssert.AreEqual(new[] { ExitCode.TryAgain, ExitCode.TryAgain }, codes[..2]);
        CollectionAssert.AreEqual(new[] { 0, 0, 0 }, codes[3..]);
        Assert.AreEqual(0, TestTerminal.Run("summarize", folder).ExitCode);
        foreach (var point in Enumerable.Range(1, 3))
        {
            Assert.AreEqual(
                File.Exists(tiny[$"runs/here/point-{point}/stopped.json"]),
                File.Exists($"{folder}/point-{point}/stopped.json")
            );
            if (point != worst)
                Assert.AreEqual(Hash(tiny[$"runs/here/point-{point}/model.onnx"]), Hash($"{folder}/point-{point}/model.onnx"));
        }

        // Without early stopping, a trial that continued has the same bits.
        var best = Enumerable.Range(1, 3).First(point => point != worst);
        Assert.AreEqual(0, TestTerminal.Run(Arguments("whole", "--set", "sweep.stop=", "--prepare")).ExitCode);
        Assert.AreEqual(0, TestTerminal.Run("trial", tiny["runs/whole"], $"{best - 1}").ExitCode);
        Assert.AreEqual(Hash(tiny[$"runs/whole/point-{best}/model.onnx"]), Hash(tiny[$"runs/here/point-{best}/model.onnx"]));
    }

    [TestMethod]
    public void A_rung_must_lie_before_the_end_of_every_trial_and_a_trial_has_one_network()
    {
        using var tiny = new TinyExperiment();
        string[] sweep = ["train", tiny.Declaration, "--output", tiny.Runs, "--prepare", "--set"];

        var late = TestTerminal.Run([.. sweep, "sweep={grid: {training.batchSize: [8, 16]}, stop: {epochs: [3]}}"]);
        Assert.AreEqual(ExitCode.Misused, late.ExitCode);
        StringAssert.Contains(late.ErrorLines.Single(), "a rung at epoch 3, and a trial has 3 epochs");
        var two = TestTerminal.Run([.. sweep, "sweep={grid: {training.batchSize: [8, 16]}, stop: {epochs: [1]}}"]);
        Assert.AreEqual(ExitCode.Misused, two.ExitCode);
        StringAssert.Contains(two.ErrorLines.Single(), "set 'baseline: false'");
        Assert.IsFalse(Path.Exists(tiny["runs/tiny"]));
    }

    static double Figure(string rung) => JsonNode.Parse(File.ReadAllText(rung))!["validation"]!.GetValue<double>();

    static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
}
