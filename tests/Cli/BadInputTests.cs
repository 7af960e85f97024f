using Microsoft.ML.OnnxRuntime;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Tests.Data;
using NoisyNN.Tests.Images;

namespace NoisyNN.Tests.Cli;

/// <summary>
/// Bad input through the command line: one line that names cause and remedy, an exit code that is not 0, nothing half-written.
/// </summary>
[TestClass]
public sealed class BadInputTests
{
    [TestMethod]
    public void A_file_with_another_hash_than_its_manifest_says()
    {
        using var data = new IdxDataSet();
        var images = File.ReadAllBytes(data["train-images.gz"]);
        images[^9] ^= 1;
        data.WriteFile("train-images.gz", images);

        AssertRefused(Manifest(data), ExitCode.Failed, "train-images.gz", "sha256");
    }

    [TestMethod]
    public void A_file_of_a_manifest_that_is_missing()
    {
        using var data = new IdxDataSet();
        File.Delete(data["test-labels.gz"]);

        AssertRefused(Manifest(data), ExitCode.Failed, "test-labels.gz", "missing");
    }

    [TestMethod]
    public void A_gzip_file_that_ends_early()
    {
        using var data = new IdxDataSet();
        data.WriteFile("train-images.gz", File.ReadAllBytes(data["train-images.gz"])[..^20]);
        data.WriteManifest();

        AssertRefused(Manifest(data), ExitCode.Failed, "train-images.gz");
    }

    [TestMethod]
    public void A_JPEG_file_that_is_corrupt()
    {
        using var experiment = new TinyExperiment();
        File.WriteAllBytes(Path.Combine(experiment.Images, "red", "cut.jpg"), ImageFiles.QuarteredJpeg()[..^50]);

        AssertRefused(Train(experiment), ExitCode.Failed, "cut.jpg", "truncated", "--skip-unreadable", "data.skipUnreadable: true");
    }

    [TestMethod]
    public void A_class_folder_without_images()
    {
        using var experiment = new TinyExperiment();
        Directory.CreateDirectory(Path.Combine(experiment.Images, "green"));

        AssertRefused(Train(experiment), ExitCode.Failed, "green");
    }

    [TestMethod]
    public void A_strength_out_of_range()
    {
        using var experiment = new TinyExperiment();

        AssertRefused(Train(experiment, "--set", "noise.latent.strength=1.5"), ExitCode.Misused, "--set noise.latent.strength=1.5", "1.5");
    }

    [TestMethod]
    public void A_mixing_that_is_singular_over_the_rows_of_the_images()
    {
        using var experiment = new TinyExperiment();

        AssertRefused(
            Train(experiment, "--set", "pipeline=[{family: circular-shift, strength: 0.5, axis: spatial-rows}]"),
            ExitCode.Misused,
            "pipeline",
            "0.5"
        );
    }

    [TestMethod]
    public void A_mixing_that_is_singular_over_the_tokens_inside_the_network()
    {
        using var experiment = new TinyExperiment();

        AssertRefused(Train(experiment, "--set", "noise.latent.strength=0.5"), ExitCode.Misused, "0.5");
    }

    [TestMethod]
    public void A_mixing_that_is_singular_across_the_batch_on_the_column_is_found_before_any_training()
    {
        using var experiment = new TinyExperiment();

        var run = Train(experiment, "--set", "pipeline=[{family: circular-shift, strength: 0.5, axis: batch}]");

        AssertRefused(run, ExitCode.Misused, "pipeline", "0.5");
        Assert.IsFalse(run.Error.Contains("training vanilla", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("data.validationFraction=0.001", "no validation rows")]
    [DataRow("data.testFraction=0.001", "no test rows")]
    public void A_split_without_rows(string assignment, string words)
    {
        using var experiment = new TinyExperiment();

        var run = Train(experiment, "--set", assignment);

        AssertRefused(run, ExitCode.Misused, words, "testFraction");
        Assert.IsFalse(run.Error.Contains("training vanilla", StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_patch_size_that_does_not_divide_the_image()
    {
        using var experiment = new TinyExperiment();

        AssertRefused(Train(experiment, "--set", "network.patchSize=3"), ExitCode.Misused, "network", "3");
    }

    [TestMethod]
    public void An_output_folder_that_cannot_be_written_is_found_before_any_work()
    {
        using var experiment = new TinyExperiment();
        var file = experiment["file"];
        File.WriteAllText(file, "");

        var run = TestTerminal.Run("train", experiment.Declaration, "--output", file);

        AssertRefused(run, ExitCode.Failed, file, "--output DIR");
        Assert.IsFalse(run.Error.Contains("reading", StringComparison.Ordinal), "nothing was read before the folder was tried");
    }

    [TestMethod]
    [DataRow("export", "missing/out", "Create it")]
    [DataRow("score", "missing/out", "Create it")]
    [DataRow("export", "file/out", "--output FILE")]
    [DataRow("score", "file/out", "--output FILE")]
    [DataRow("export", "folder", "is a folder")]
    [DataRow("score", "folder", "is a folder")]
    public void An_output_file_that_cannot_be_written_is_found_before_any_work(string command, string output, string remedy)
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", []);
        folder.Write("folder/image.png", ImageFiles.Png(1));
        string[] work = command == "score" ? ["score", "no-such.onnx", folder["folder"]] : ["export", "no-such-run"];

        AssertRefused(
            TestTerminal.Run([.. work, "--output", folder[output]]),
            ExitCode.Failed,
            folder[output.Split('/')[0]],
            remedy,
            "--output FILE"
        );
    }

    [TestMethod]
    public void A_GPU_that_is_not_there_is_no_reason_to_take_the_CPU()
    {
        using var experiment = new TinyExperiment();

        AssertRefused(Train(experiment, "--gpu", "99"), ExitCode.Failed, "--gpu 99: libtorch sees", "Leave out --gpu");
        AssertRefused(Train(experiment, "--gpu", "-1"), ExitCode.Misused, "--gpu must be at least 0");
        if (OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
            return;
        foreach (
            var command in (string[][])
                [
                    ["evaluate"],
                    ["score", "--output", experiment["never.csv"]],
                ]
        )
            AssertRefused(
                TestTerminal.Run([.. command, "no-such.onnx", "--data", experiment.Images, "--gpu", "0"]),
                ExitCode.Failed,
                "--gpu 0: this ONNX Runtime was built without CUDA",
                "Leave out --gpu"
            );
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(100)]
    [DataRow(20_000)]
    public void A_file_that_is_no_ONNX_model(int length)
    {
        using var folder = new TemporaryFolder();
        var model = folder.Write("model.onnx", new byte[length]);
        var image = folder.Write("a.png", ImageFiles.Png(1));

        AssertRefused(TestTerminal.Run("score", model, image, "--output", folder["scores.csv"]), ExitCode.Failed, "model.onnx");
        Assert.IsFalse(File.Exists(folder["scores.csv"]));
    }

    [TestMethod]
    public void A_model_that_is_not_there() => AssertRefused(TestTerminal.Run("evaluate", "no-such.onnx"), ExitCode.Failed, "no-such.onnx");

    [TestMethod]
    public void A_data_set_that_nobody_knows() =>
        AssertRefused(TestTerminal.Run("data", "verify", "no-such-set"), ExitCode.Failed, "no-such-set", "fashion-mnist");

    [TestMethod]
    public void Verify_names_the_file_that_is_not_what_it_should_be()
    {
        using var data = new IdxDataSet();
        data.WriteFile("test-images.gz", [1, 2, 3]);

        var run = TestTerminal.Run("data", "verify", data.ManifestPath);

        AssertRefused(run, ExitCode.Failed, "test-images.gz");
        StringAssert.Contains(run.Output, "as declared");
        StringAssert.Contains(run.Output, "NOT USABLE");
    }

    [TestMethod]
    public void An_interrupted_run_says_how_to_go_on_and_goes_on()
    {
        using var experiment = new TinyExperiment();
        var run = TestTerminal.RunCancelled("train", experiment.Declaration, "--output", experiment.Runs);

        Assert.AreEqual(ExitCode.Interrupted, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), "--resume");
        Assert.IsFalse(File.Exists(experiment["runs/tiny/summary.json"]));
        Assert.IsFalse(Path.Exists(experiment["runs/latest"]));

        var again = TestTerminal.RunCancelled("train", "--resume", experiment.Declaration, "--output", experiment.Runs);
        StringAssert.EndsWith(
            again.ErrorLines.Single(),
            $"--resume {experiment.Declaration} --output {experiment.Runs}.",
            "it is said once"
        );

        var resumed = TestTerminal.Run("train", experiment.Declaration, "--output", experiment.Runs, "--resume");
        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        Assert.IsTrue(File.Exists(experiment["runs/tiny/summary.json"]));
    }

    [TestMethod]
    public void The_command_to_go_on_with_can_be_pasted_into_a_shell()
    {
        using var experiment = new TinyExperiment();

        var run = TestTerminal.RunCancelled(
            "train",
            experiment.Declaration,
            "--output",
            experiment.Runs,
            "--set",
            "claim=it's $HOME;(x)",
            "--set",
            "seed=1"
        );

        StringAssert.EndsWith(run.ErrorLines.Single(), @"--set 'claim=it'\''s $HOME;(x)' --set seed=1 --resume.");
    }

    /// <summary>A training that is refused: whatever the reason, it leaves nothing that a later run would have to step around.</summary>
    static TestTerminal Train(TinyExperiment experiment, params string[] more)
    {
        var run = TestTerminal.Run(["train", experiment.Declaration, "--output", experiment.Runs, .. more]);
        Assert.IsFalse(
            Directory.Exists(experiment.Runs) && Directory.EnumerateFileSystemEntries(experiment.Runs).Any(),
            "the runs folder holds nothing"
        );
        return run;
    }

    static TestTerminal Manifest(IdxDataSet data)
    {
        using var experiment = new TinyExperiment();
        return Train(experiment, "--data", data.ManifestPath);
    }

    static void AssertRefused(TestTerminal run, int exitCode, params string[] words)
    {
        Assert.AreEqual(exitCode, run.ExitCode, run.Error);
        var line = run.ErrorLines.Single();
        foreach (var word in words)
            StringAssert.Contains(line, word);
        Assert.IsFalse(run.Error.Contains("   at ", StringComparison.Ordinal), "no stack trace");
    }
}
