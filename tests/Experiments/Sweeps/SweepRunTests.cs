using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Sweeps.Attempts;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments.Sweeps;

/// <summary>A sweep through the command line: by <c>train</c>, and trial by trial.</summary>
[TestClass]
public sealed class SweepRunTests
{
    static readonly TinyExperiment s_experiment = new();
    static string s_file = null!;
    static TestTerminal s_prepared = null!;

    static string Folder => s_experiment["runs/tiny"];

    static string[] Arguments(params string[] more) => ["train", s_file, "--output", s_experiment.Runs, "--threads", "1", .. more];

    [ClassInitialize]
    public static void Prepare(TestContext context)
    {
        s_file = s_experiment["sweep.yaml"];
        File.WriteAllText(
            s_file,
            File.ReadAllText(s_experiment.Declaration)
                .Replace("  epochs: 3", "  epochs: 1", StringComparison.Ordinal)
                .Replace("evaluation:", "evaluation:\n  baseline: false", StringComparison.Ordinal)
                + """

                seed: [1, 2]
                sweep:
                  arms:
                    - {name: vanilla, set: {noise.latent: null}}
                    - {name: shifted}
                """
        );
        s_prepared = TestTerminal.Run(Arguments("--prepare"));
    }

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    static JsonNode[] Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    static string States() =>
        string.Join(' ', Lines(TestTerminal.Run("status", Folder, "--json").Output).Select(line => line["state"]!.ToString()));

    [TestMethod]
    public void A_sweep_is_prepared_run_trial_by_trial_and_summed_up()
    {
        Assert.AreEqual(0, s_prepared.ExitCode, s_prepared.Error);
        Assert.AreEqual(Folder, s_prepared.Output.Trim());
        CollectionAssert.AreEqual(
            new[] { "vanilla.seed-1", "vanilla.seed-2", "shifted.seed-1", "shifted.seed-2" },
            Lines(File.ReadAllText(Path.Combine(Folder, "trials.jsonl"))).Select(line => line["name"]!.ToString()).ToArray()
        );
        Assert.AreEqual("waiting waiting waiting waiting", States());

        // One trial, and the same again.
        Assert.AreEqual(0, TestTerminal.Run("trial", Folder, "2").ExitCode);
        var model = Path.Combine(Folder, "shifted.seed-1", "model.onnx");
        var before = File.ReadAllBytes(model);
        var again = TestTerminal.Run("trial", Folder, "2");
        Assert.AreEqual((0, "shifted, seed 1 is complete"), (again.ExitCode, again.Error.Trim()));
        Assert.AreEqual("waiting waiting complete waiting", States());

        // Another process works on a trial.
        using (Attempt.TryBegin(Path.Combine(Folder, ".attempts"), "0000", AttemptTiming.Default, _ => { }))
        {
            var busy = TestTerminal.Run("trial", Folder, "0");
            Assert.AreEqual(ExitCode.TryAgain, busy.ExitCode);
            StringAssert.Contains(busy.ErrorLines.Single(), $"process {Environment.ProcessId} on ");
            Assert.AreEqual("running waiting complete waiting", States());
        }

        // A trial is interrupted, and goes on.
        var interrupted = TestTerminal.InterruptAt("training vanilla", "trial", Folder, "1");
        Assert.AreEqual(ExitCode.TryAgain, interrupted.ExitCode, interrupted.Error);
        Assert.AreEqual("interrupted interrupted complete waiting", States());

        // The rest side by side, and the summary.
        var run = TestTerminal.Run(Arguments("--resume"));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("complete complete complete complete", States());
        CollectionAssert.AreEqual(before, File.ReadAllBytes(model), "it was complete");
        AssertSummary(run);
    }

    static void AssertSummary(TestTerminal run)
    {
        var summary = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "summary.json")))!;
        var trials = summary["trials"]!.AsArray();
        for (var point = 0; point < 2; point++)
        {
            double[] tests = [.. trials.Skip(2 * point).Take(2).Select(trial => trial!["test"]!.GetValue<double>())];
            Assert.AreEqual(tests.Average(), summary["points"]![point]!["test"]!.GetValue<double>(), 1e-12);
            // Two values lie |a - b| / sqrt(2) apart from their mean, with the divisor n - 1.
            Assert.AreEqual(
                Math.Abs(tests[0] - tests[1]) / Math.Sqrt(2),
                summary["points"]![point]!["deviation"]!.GetValue<double>(),
                1e-12
            );
        }
        var best = summary["points"]!.AsArray().MaxBy(point => point!["validation"]!.GetValue<double>())!["name"]!.ToString();
        Assert.AreEqual(best, summary["best"]!.ToString());
        StringAssert.Contains(TestTerminal.Run("best", Folder).Output, best);
        Assert.AreEqual(best, JsonNode.Parse(TestTerminal.Run("best", Folder, "--json").Output)!["name"]!.ToString());
        StringAssert.Contains(run.Output, "best by validation");
        Assert.AreEqual("tiny", new DirectoryInfo(s_experiment["runs/latest"]).LinkTarget);
        StringAssert.Contains(File.ReadAllText(Path.Combine(Folder, "report.html")), "<a href=\"shifted.seed-2/report.html\">");
        // The summary of a trial is that of the experiment with its settings alone.
        Assert.AreEqual(
            trials[3]!["test"]!.GetValue<double>(),
            JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "shifted.seed-2", "summary.json")))!["runs"]![0]![
                "testAccuracy"
            ]!.GetValue<double>()
        );
    }

    [TestMethod]
    public void A_wrong_number_or_folder_is_not_to_be_tried_again()
    {
        var beyond = TestTerminal.Run("trial", Folder, "4");
        Assert.AreEqual(ExitCode.Misused, beyond.ExitCode);
        StringAssert.Contains(beyond.ErrorLines.Single(), "has no trial 4; its trials are 0 to 3.");
        Assert.AreEqual(ExitCode.Misused, TestTerminal.Run("status", s_experiment["nowhere"]).ExitCode);
    }

    [TestMethod]
    public void What_one_arm_cannot_do_is_refused_before_any_trial_begins_with_the_line_of_the_users_file()
    {
        var refused = TestTerminal.Run(
            Arguments("--set", "name=refused", "--set", "sweep.arms.1.set={noise.latent.layer: 7}", "--prepare")
        );

        Assert.AreEqual(ExitCode.Misused, refused.ExitCode, refused.Error);
        StringAssert.Contains(refused.ErrorLines.Single(), "noise.latent");
        Assert.IsFalse(Path.Exists(s_experiment["runs/refused"]));
    }

    [TestMethod]
    public void A_single_run_that_was_not_prepared_has_no_trials()
    {
        Directory.CreateDirectory(s_experiment["single"]);
        File.Copy(s_experiment.Declaration, s_experiment["single/experiment.yaml"]);

        foreach (
            var command in (string[][])
                [
                    ["trial", s_experiment["single"], "0"],
                    ["status", s_experiment["single"]],
                ]
        )
            Assert.AreEqual(ExitCode.Misused, TestTerminal.Run(command).ExitCode);
    }
}
