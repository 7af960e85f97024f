using k8s;
using k8s.Models;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Tests.Cli.Clusters;

/// <summary>The manifest of a sweep, as the models of Kubernetes' own client read it. Unknown fields are refused.</summary>
[TestClass]
public sealed class KubernetesTests : IDisposable
{
    readonly TinyExperiment _experiment = new();

    public void Dispose() => _experiment.Dispose();

    TestTerminal Train(params string[] more) =>
        TestTerminal.Run([
            "train",
            _experiment.Declaration,
            "--output",
            _experiment.Runs,
            "--set",
            "seed=[1, 2, 3]",
            "--set",
            "name=Tiny_Sweep",
            "--set",
            "training.epochs=1",
            "--on",
            "kubernetes",
            .. more,
        ]);

    string[] Cluster => ["--container-image", "registry.example/noisynn:0.1", "--volume-claim", "work"];

    [TestMethod]
    public void A_sweep_is_an_indexed_job_whose_pods_run_the_trials_that_are_missing()
    {
        var first = Train([.. Cluster, "--parallel", "2"]);
        Assert.AreEqual(0, first.ExitCode, first.Error);
        var folder = _experiment["runs/Tiny_Sweep"];
        Assert.AreEqual(Path.Combine(folder, "kubernetes.yaml"), first.Output.Trim());
        Assert.AreEqual(0, TestTerminal.Run("trial", folder, "1").ExitCode);

        Assert.AreEqual(0, Train([.. Cluster, "--parallel", "2", "--resume"]).ExitCode);

        var job = KubernetesYaml.Deserialize<V1Job>(File.ReadAllText(first.Output.Trim()), strict: true);
        Assert.AreEqual(("batch/v1", "Job", "tiny-sweep-"), (job.ApiVersion, job.Kind, job.Metadata.GenerateName));
        Assert.AreEqual(("Indexed", 2, 2, 6, 2), Shape(job.Spec));
        Assert.AreEqual("Never", job.Spec.Template.Spec.RestartPolicy, "retries by index need it");
        var rule = job.Spec.PodFailurePolicy.Rules.Single(rule => rule.OnExitCodes is not null);
        Assert.AreEqual(("FailIndex", "NotIn", "task"), (rule.Action, rule.OnExitCodes.OperatorProperty, rule.OnExitCodes.ContainerName));
        CollectionAssert.AreEqual(new[] { ExitCode.TryAgain, 137, 143 }, rule.OnExitCodes.Values.ToArray());
        var container = job.Spec.Template.Spec.Containers.Single();
        Assert.AreEqual(("task", "registry.example/noisynn:0.1"), (container.Name, container.Image));
        Assert.AreEqual("1", container.Resources.Requests["cpu"].ToString());
        Assert.AreEqual("work", job.Spec.Template.Spec.Volumes.Single().PersistentVolumeClaim.ClaimName);
        Assert.AreEqual(Environment.CurrentDirectory, container.VolumeMounts.Single().MountPath);
        CollectionAssert.AreEqual(new[] { "/bin/sh", "-c" }, container.Command.ToArray());

        // The shell turns the index of a pod into the number of a trial: 0 and 2 are missing.
        foreach (var (index, trial) in ((string, string)[])[("0", "0"), ("1", "2")])
            Assert.AreEqual(
                $"trial {folder} {trial}",
                Shell(container.Args.Single().Replace("exec noisynn", "echo", StringComparison.Ordinal), index)
            );

        static (string, int?, int?, int?, int?) Shape(V1JobSpec spec) =>
            (spec.CompletionMode, spec.Completions, spec.Parallelism, spec.BackoffLimitPerIndex, spec.MaxFailedIndexes);
    }

    [TestMethod]
    public void The_container_and_the_volume_must_be_named_and_sbatch_has_no_options_here()
    {
        Assert.AreEqual(ExitCode.Misused, Train().ExitCode);
        Assert.AreEqual(ExitCode.Misused, Train([.. Cluster, "--", "--partition=gpu"]).ExitCode);
        Assert.IsFalse(Path.Exists(_experiment.Runs));
    }

    [TestMethod]
    public void A_dry_run_prints_the_manifest_and_writes_nothing()
    {
        var dry = Train([.. Cluster, "--dry-run"]);

        Assert.AreEqual(3, KubernetesYaml.Deserialize<V1Job>(dry.Output, strict: true).Spec.Completions);
        Assert.IsFalse(Path.Exists(_experiment.Runs));
    }

    static string Shell(string script, string index)
    {
        var start = new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true };
        start.Environment["JOB_COMPLETION_INDEX"] = index;
        using var process = System.Diagnostics.Process.Start(start)!;
        return process.StandardOutput.ReadToEnd().Trim();
    }
}
