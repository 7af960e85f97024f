using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments;

/// <summary>One seed of several is damaged or fails: it is named, and the others keep what they found.</summary>
[TestClass]
public sealed class DamagedReplicateTests
{
    static readonly TinyExperiment s_experiment = new();

    static string[] Arguments(string name, params string[] more) =>
        [
            "train",
            s_experiment.Declaration,
            "--set",
            $"name={name}",
            "--set",
            "seed=[1, 2]",
            "--set",
            "training.epochs=1",
            "--set",
            "evaluation.baseline=false",
            "--output",
            s_experiment.Runs,
            .. more,
        ];

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        Assert.AreEqual(0, TestTerminal.Run(Arguments("whole")).ExitCode);
        File.Delete(s_experiment["runs/whole/summary.json"]);
    }

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    /// <summary>A copy of the run as it is just before its end.</summary>
    static void Copy(string name)
    {
        foreach (var file in Directory.EnumerateFiles(s_experiment["runs/whole"], "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(s_experiment[$"runs/{name}"], Path.GetRelativePath(s_experiment["runs/whole"], file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
            if (Path.GetFileName(copy) == "experiment.yaml")
                File.WriteAllText(copy, File.ReadAllText(copy).Replace("name: whole", $"name: {name}", StringComparison.Ordinal));
        }
    }

    [TestMethod]
    public void Complete_seeds_are_not_run_again()
    {
        Copy("complete");
        var before = File.GetLastWriteTimeUtc(s_experiment["runs/complete/seed-2/model.onnx"]);

        var resumed = TestTerminal.Run(Arguments("complete", "--resume"));

        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        Assert.AreEqual("", resumed.Error, "nothing was left to do");
        Assert.AreEqual(before, File.GetLastWriteTimeUtc(s_experiment["runs/complete/seed-2/model.onnx"]));
        Assert.IsTrue(File.Exists(s_experiment["runs/complete/report.html"]));
    }

    [TestMethod]
    public void A_seed_that_fails_does_not_stop_the_others_and_the_command_fails_and_names_it()
    {
        Copy("failing");
        foreach (var seed in (string[])["seed-1", "seed-2"])
            File.Delete(s_experiment[$"runs/failing/{seed}/summary.json"]);
        foreach (var checkpoint in Directory.EnumerateFiles(s_experiment["runs/failing/seed-1/noisy"], "checkpoint-*.json"))
            File.WriteAllText(checkpoint, "{}");

        var run = TestTerminal.Run(Arguments("failing", "--resume"));

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), "seed 1 failed: ");
        StringAssert.Contains(run.ErrorLines.Single(), "checkpoint-");
        StringAssert.Contains(run.Output, "seed 2", "what the other found is shown");
        Assert.IsTrue(File.Exists(s_experiment["runs/failing/seed-2/summary.json"]));
        Assert.IsFalse(File.Exists(s_experiment["runs/failing/summary.json"]));
    }

    [TestMethod]
    public void A_summary_that_ends_early_is_refused_by_name_before_anything_runs()
    {
        Copy("cut");
        File.WriteAllText(s_experiment["runs/cut/seed-1/summary.json"], """{ "name": """);

        var run = TestTerminal.Run(Arguments("cut", "--resume"));

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), Path.Combine("seed-1", "summary.json") + " is damaged");
    }

    [TestMethod]
    public void A_seed_folder_without_settings_is_refused_where_it_holds_checkpoints_and_begun_anew_where_it_holds_nothing()
    {
        Copy("settings");
        File.Delete(s_experiment["runs/settings/seed-1/experiment.yaml"]);
        File.Delete(s_experiment["runs/settings/seed-1/summary.json"]);

        var refused = TestTerminal.Run(Arguments("settings", "--resume"));
        Assert.AreEqual(ExitCode.Failed, refused.ExitCode);
        StringAssert.Contains(refused.ErrorLines.Single(), "holds no experiment.yaml");

        Directory.Delete(s_experiment["runs/settings/seed-1"], recursive: true);
        Directory.CreateDirectory(s_experiment["runs/settings/seed-1"]);
        Assert.AreEqual(0, TestTerminal.Run(Arguments("settings", "--resume")).ExitCode);
    }
}
