using System.Diagnostics;
using System.Runtime.Versioning;
using NoisyNN.Models.Onnx;
using NoisyNN.Pipelines.Cli.Clusters;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Images;
using NoisyNN.Tests.Onnx;

namespace NoisyNN.Tests.Cli.Clusters;

/// <summary>What is submitted to Slurm. Stand-ins take the place of its commands; tests/cluster.sh has real ones.</summary>
[TestClass]
[UnsupportedOSPlatform("windows")]
public sealed class SlurmTests : IDisposable
{
    readonly TinyExperiment _experiment = new();
    readonly FakeSlurm _slurm = new();

    string Sweep => _experiment["sweep.yaml"];

    string Folder => _experiment["runs/tiny"];

    public SlurmTests() =>
        File.WriteAllText(
            Sweep,
            File.ReadAllText(_experiment.Declaration)
                .Replace("  epochs: 3", "  epochs: 1", StringComparison.Ordinal)
                .Replace("evaluation:", "evaluation:\n  baseline: false", StringComparison.Ordinal) + "\nseed: [1, 2, 3, 4]\n"
        );

    public void Dispose()
    {
        _slurm.Dispose();
        _experiment.Dispose();
    }

    TestTerminal Train(string file, params string[] more) =>
        TestTerminal.Run(["train", file, "--output", _experiment.Runs, "--on", "slurm", .. more]);

    string States() =>
        string.Join(
            ' ',
            TestTerminal
                .Run("status", Folder, "--json")
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => System.Text.Json.Nodes.JsonNode.Parse(line)!["state"]!.ToString())
        );

    [TestMethod]
    public void A_sweep_becomes_an_array_and_a_job_that_follows_it()
    {
        var run = Train(Sweep, "--parallel", "2", "--", "--partition=gpu", "-A", "lab");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("100", run.Output.Trim());
        Assert.AreEqual("waiting waiting waiting waiting", States(), "the command has run nothing");
        var (arguments, script) = _slurm.Jobs[0];
        CollectionAssert.AreEqual(
            new[]
            {
                "--parsable",
                "--job-name=tiny",
                "--open-mode=append",
                $"--output={Folder}/.slurm/%A_%a.log",
                $"--chdir={Environment.CurrentDirectory}",
                "--array=0-3%2",
                "--requeue",
                "--cpus-per-task=1",
                "--signal=B:TERM@60",
                "--partition=gpu",
                "-A",
                "lab",
            },
            arguments
        );
        StringAssert.EndsWith(script, $" trial {Folder} \"$SLURM_ARRAY_TASK_ID\"\n");
        Assert.IsTrue(Directory.Exists(Path.Combine(Folder, ".slurm")), "Slurm makes no folder for its logs");
        var summary = _slurm.Jobs[1];
        CollectionAssert.AreEqual(new[] { "--partition=gpu", "-A", "lab", "--dependency=afterany:100" }, summary.Arguments[^4..]);
        StringAssert.EndsWith(summary.Script, $" summarize {Folder}\n");
        StringAssert.Contains(run.Error, "--on slurm --parallel 2 --resume -- --partition=gpu -A lab");
    }

    [TestMethod]
    public void The_script_runs_its_trial_and_the_summary_names_those_that_are_missing()
    {
        Assert.AreEqual(0, Train(Sweep).ExitCode);

        Assert.AreEqual(0, RunScript(_slurm.Jobs[0].Script, ("SLURM_ARRAY_TASK_ID", "2")).ExitCode);

        Assert.AreEqual("waiting waiting complete waiting", States());
        var (code, error) = RunScript(_slurm.Jobs[1].Script);
        Assert.AreEqual(ExitCode.Failed, code);
        StringAssert.Contains(error, "3 of 4 trials are not complete: seed-1, seed-2, seed-4.");
    }

    [TestMethod]
    public void Resume_submits_what_is_neither_complete_nor_queued()
    {
        Assert.AreEqual(0, Train(Sweep).ExitCode);
        Assert.AreEqual(0, TestTerminal.Run("trial", Folder, "2").ExitCode);
        // A task that is held is started by nobody.
        _slurm.Queue = "100 0 Resources\n100 3 launch failed requeued held\n";

        var run = Train(Sweep, "--resume");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        CollectionAssert.Contains(_slurm.QueueArguments, "--jobs=100");
        CollectionAssert.Contains(_slurm.Jobs[2].Arguments, "--array=1,3");
        StringAssert.Contains(run.Error, "1 tasks are still in the queue");
        StringAssert.Contains(run.Error, "2 of 4 tasks submitted");
        Assert.HasCount(4, _slurm.Jobs);
    }

    [TestMethod]
    public void Nothing_is_submitted_when_all_is_queued_and_a_summary_alone_when_all_is_complete()
    {
        Assert.AreEqual(0, Train(Sweep, "--set", "seed=[1, 2]").ExitCode);
        _slurm.Queue = "100 0 Resources\n100 1 None\n";
        Assert.AreEqual(0, Train(Sweep, "--set", "seed=[1, 2]", "--resume").ExitCode);
        Assert.HasCount(2, _slurm.Jobs);

        _slurm.Queue = "";
        foreach (var trial in (string[])["0", "1"])
            Assert.AreEqual(0, TestTerminal.Run("trial", Folder, trial).ExitCode);
        Assert.AreEqual(0, Train(Sweep, "--set", "seed=[1, 2]", "--resume").ExitCode);
        Assert.HasCount(3, _slurm.Jobs);
        Assert.IsFalse(_slurm.Jobs[2].Arguments.Any(argument => argument.StartsWith("--dependency", StringComparison.Ordinal)));

        Assert.AreEqual(0, TestTerminal.Run("summarize", Folder).ExitCode);
        Assert.IsTrue(File.Exists(Path.Combine(Folder, "summary.json")) && File.Exists(Path.Combine(Folder, "report.html")));
    }

    [TestMethod]
    public void A_dry_run_writes_nothing_and_prints_a_script_that_submits_the_same()
    {
        string[] options = ["--parallel", "3", "--", "--comment=it's a test"];
        var dry = Train(Sweep, ["--dry-run", .. options]);
        Assert.AreEqual(0, dry.ExitCode, dry.Error);
        Assert.IsFalse(Path.Exists(Folder));
        Assert.IsEmpty(_slurm.Jobs);

        Assert.AreEqual(0, RunScript(dry.Output).ExitCode);
        Assert.AreEqual(0, Train(Sweep, options).ExitCode);

        Assert.HasCount(4, _slurm.Jobs);
        for (var job = 0; job < 2; job++)
        {
            CollectionAssert.AreEqual(
                _slurm.Jobs[job].Arguments,
                _slurm.Jobs[job + 2].Arguments.Select(argument => argument.Replace(":102", ":100", StringComparison.Ordinal)).ToArray()
            );
            Assert.AreEqual(_slurm.Jobs[job].Script, _slurm.Jobs[job + 2].Script);
        }
    }

    [TestMethod]
    public void A_single_experiment_is_an_array_of_one_whose_task_fills_the_folder_itself()
    {
        var file = _experiment["single.yaml"];
        File.WriteAllText(file, File.ReadAllText(Sweep).Replace("seed: [1, 2, 3, 4]", "seed: 5", StringComparison.Ordinal));

        Assert.AreEqual(0, Train(file).ExitCode);

        CollectionAssert.Contains(_slurm.Jobs.Single().Arguments, "--array=0");
        var run = TestTerminal.Run("trial", Folder, "0");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("complete", States());
        Assert.IsTrue(File.Exists(Path.Combine(Folder, "model.onnx")) && File.Exists(Path.Combine(Folder, "summary.json")));
        Assert.AreEqual("tiny", new DirectoryInfo(_experiment["runs/latest"]).LinkTarget);
        Assert.AreEqual(
            (0, "tiny is complete"),
            (TestTerminal.Run("trial", Folder, "0") is var again ? again.ExitCode : 1, again.Error.Trim())
        );
    }

    [TestMethod]
    public void A_refused_job_is_an_error_with_the_words_of_sbatch_and_resume_submits_it()
    {
        _slurm.Refusal = "sbatch: error: Batch job submission failed: Invalid account";

        var refused = Train(Sweep);
        Assert.AreEqual(ExitCode.Failed, refused.ExitCode);
        StringAssert.Contains(refused.ErrorLines.Single(), "Invalid account");

        _slurm.Refusal = null;
        Assert.AreEqual(0, Train(Sweep, "--resume").ExitCode);
        CollectionAssert.Contains(_slurm.Jobs[0].Arguments, "--array=0-3");
    }

    [TestMethod]
    public void Without_sbatch_nothing_is_made_and_the_error_says_where_to_submit()
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        TestTerminal run;
        try
        {
            Environment.SetEnvironmentVariable("PATH", _experiment.Images);
            run = Train(Sweep);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), "sbatch cannot be started");
        StringAssert.Contains(run.ErrorLines.Single(), "login node");
        Assert.IsFalse(Path.Exists(_experiment.Runs));
    }

    [TestMethod]
    [DataRow("--on pbs", "unknown value 'pbs'")]
    [DataRow("--dry-run", "go with --on")]
    [DataRow("--on slurm -- --array=1-3", "'--array=1-3' is decided by this program")]
    [DataRow("--on slurm --prepare", "leave out --prepare")]
    [DataRow("--on slurm --parallel 0", "--parallel must be at least 1")]
    [DataRow("--on slurm --container-image x", "go with --on kubernetes")]
    [DataRow("-- --partition=gpu", "add --on slurm")]
    [DataRow("--on slurm stray -- --partition=gpu", "'stray' is one argument too many")]
    public void Options_that_mean_nothing_are_refused(string options, string message)
    {
        var run = TestTerminal.Run(["train", Sweep, "--output", _experiment.Runs, .. options.Split(' ')]);

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), message);
        Assert.IsFalse(Path.Exists(_experiment.Runs));
    }

    [TestMethod]
    public void Shards_are_an_array_and_joining_them_follows()
    {
        var (model, table) = (_experiment["model.onnx"], _experiment["scores.csv"]);
        using (var network = RandomNetwork.Create(RandomNetwork.Grey))
            OnnxExporter.Export(network, new() { Labels = [.. Enumerable.Range(0, 10).Select(label => $"class {label}")] }, model);
        Directory.CreateDirectory(_experiment["photos"]);
        for (var image = 0; image < 6; image++)
            File.WriteAllBytes(_experiment[$"photos/{image}.png"], ImageFiles.Png(image));
        string[] request = ["score", model, _experiment["photos"], "--batch-size=2", "--output", table];
        Assert.AreEqual(0, TestTerminal.Run([.. request, "--shard", "2/3"]).ExitCode);

        var run = TestTerminal.Run([.. request, "--shards", "3", "--on", "slurm", "--", "--mem=4G"]);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.IsFalse(File.Exists(table));
        var array = _slurm.Jobs[0];
        CollectionAssert.Contains(array.Arguments, "--array=1,3");
        Assert.AreEqual("--mem=4G", array.Arguments[^1]);
        StringAssert.EndsWith(array.Script, $" --batch-size 2 --output {table} --shard \"$SLURM_ARRAY_TASK_ID/3\"\n");
        foreach (var task in (string[])["1", "3"])
            Assert.AreEqual(0, RunScript(array.Script, ("SLURM_ARRAY_TASK_ID", task)).ExitCode);
        Assert.AreEqual(0, RunScript(_slurm.Jobs[1].Script).ExitCode);
        Assert.AreEqual(7, File.ReadAllLines(table).Length);

        Assert.AreEqual(ExitCode.Misused, TestTerminal.Run([.. request, "--on", "slurm"]).ExitCode, "a cluster needs shards");
    }

    [TestMethod]
    public void More_than_a_thousand_tasks_are_several_arrays_and_ranges_name_what_is_missing()
    {
        var tasks = new TaskArray(
            "many",
            "/runs/many",
            [0, 1, 2, 998, 999, 1000, 2001],
            3000,
            number => $"trial {number}",
            null,
            1,
            "",
            ""
        );

        var arrays = SlurmJob.ArraysOf(tasks, new ClusterRequest("slurm", false, null, null, null, []));

        CollectionAssert.AreEqual(
            new[] { "--array=0-2,998-999", "--array=0", "--array=1" },
            arrays.Select(array => array.Arguments.Single(argument => argument.StartsWith("--array", StringComparison.Ordinal))).ToArray()
        );
        StringAssert.Contains(arrays[2].Script, "trial $((SLURM_ARRAY_TASK_ID + 2000))");
        CollectionAssert.AreEqual(new[] { 0, 1000, 2000 }, arrays.Select(array => array.First).ToArray());
    }

    static (int ExitCode, string Error) RunScript(string script, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("sh", ["-s"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, error.Result + output.Result);
    }
}
