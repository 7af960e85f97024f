using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Checkpoints;
using NoisyNN.Models.Training.ImageAugmentation;
using NoisyNN.Transforms.Noise.Gaussian;

namespace NoisyNN.Tests.Training.Checkpoints;

/// <summary>Training that stops and goes on. 60 rows in batches of 16 are 4 steps an epoch, the last of them of 12 rows.</summary>
[TestClass]
public class CheckpointTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    [DataRow(1, false, DisplayName = "in the first epoch")]
    [DataRow(6, false, DisplayName = "in mid-epoch")]
    [DataRow(8, false, DisplayName = "after an epoch's last step")]
    [DataRow(6, true, DisplayName = "in mid-epoch, on two threads")]
    public void A_cancelled_training_resumes_to_the_weights_of_an_uninterrupted_one(int step, bool onTwoThreads)
    {
        using var folder = new TemporaryFolder();
        using var uninterrupted = Fit(Chosen());
        using var stop = new CancellationTokenSource();
        var options = Chosen(folder.Path);
        options.CancellationToken = stop.Token;
        options.MetricsCallback = report => Cancel(report.Step == step);
        using (var interrupted = Fit(options))
        {
            Assert.IsTrue(interrupted.Training.Interrupted);
            Assert.AreEqual(step, interrupted.Training.Steps);
        }

        options = Chosen(folder.Path);
        options.Resume = true;
        using var resumed = Fit(options);
        Assert.AreEqual(step, resumed.Training.ResumedFromStep);
        Assert.IsFalse(resumed.Training.Interrupted);
        AssertEqual(uninterrupted, resumed);

        NoisyViTTrainer.Options Chosen(string? workspace = null) => onTwoThreads ? OnTwoThreads(workspace) : Options(workspace);

        void Cancel(bool now)
        {
            if (now)
                stop.Cancel();
        }
    }

    [TestMethod]
    public void A_training_that_was_killed_at_any_step_resumes_to_the_same_weights()
    {
        // A copy of the folder, taken while the training runs, is what a kill at that moment leaves behind.
        using var folder = new TemporaryFolder();
        var options = Options(folder["run"]);
        options.CheckpointEverySteps = 3;
        options.MetricsCallback = report => TemporaryFolder.Copy(folder["run"], folder[$"killed-{report.Step}"]);
        using var uninterrupted = Fit(options);
        foreach (var step in new[] { 2, 5, 9, 11 })
        {
            var resuming = Options(folder[$"killed-{step}"]);
            resuming.CheckpointEverySteps = 3;
            resuming.Resume = true;
            using var resumed = Fit(resuming);
            AssertEqual(uninterrupted, resumed);
            // Every report is there once, whatever was done twice.
            Assert.AreSequenceEqual(
                Enumerable.Range(1, 12).Select(number => $"\"step\":{number},"),
                File.ReadAllLines(folder[$"killed-{step}/metrics.jsonl"])
                    .Select(line => line[line.IndexOf("\"step\"", StringComparison.Ordinal)..].Split("\"stepCount\"")[0])
            );
        }
    }

    [TestMethod]
    public void What_was_measured_before_the_first_epoch_is_in_its_report_after_a_resume()
    {
        using var folder = new TemporaryFolder();
        using var uninterrupted = Fit(Options());
        using var stop = new CancellationTokenSource();
        var options = Measured(Options(folder.Path));
        options.CancellationToken = stop.Token;
        options.MetricsCallback = _ => stop.Cancel();
        Fit(options).Dispose();

        options = Measured(Options(folder.Path));
        options.Resume = true;
        using var resumed = Fit(options);
        AssertEqual(uninterrupted, resumed);
        Assert.AreSequenceEqual(
            ["0: 1", "1: 2"],
            resumed.Training.Epochs[0].Measured!.Select(one => $"{one.Epoch}: {one.Figures["epochs"]}")
        );
        Assert.AreSequenceEqual(["2: 3"], resumed.Training.Epochs[1].Measured!.Select(one => $"{one.Epoch}: {one.Figures["epochs"]}"));

        static NoisyViTTrainer.Options Measured(NoisyViTTrainer.Options options)
        {
            options.MeasureLayers = (network, epoch) =>
            {
                Assert.IsFalse(network.training);
                // Numbers that a measurement draws are none of the training's.
                TorchSharp.torch.rand(3).Dispose();
                return [new(epoch, "pooled", "none", new Dictionary<string, double> { ["epochs"] = epoch + 1 })];
            };
            return options;
        }
    }

    [TestMethod]
    public void A_cancelled_training_keeps_the_best_weights_so_far()
    {
        using var stop = new CancellationTokenSource();
        var options = Options();
        options.CancellationToken = stop.Token;
        options.MetricsCallback = report =>
        {
            if (report.Step == 7)
                stop.Cancel();
        };
        using var interrupted = Fit(options);
        Assert.AreEqual(1, interrupted.Training.BestEpoch);
        Assert.HasCount(1, interrupted.Training.Epochs);
        Assert.AreEqual(interrupted.Training.Epochs[0].ValidationAccuracy, interrupted.Training.ValidationAccuracy);
        var accuracy = _images.Context.MulticlassClassification.Evaluate(interrupted.Transform(options.ValidationSet!)).MicroAccuracy;
        Assert.AreEqual(interrupted.Training.ValidationAccuracy!.Value, accuracy, 1e-9);
    }

    [TestMethod]
    public void A_cancellation_before_the_first_step_leaves_nothing()
    {
        var options = Options();
        options.CancellationToken = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => Fit(options));
    }

    [TestMethod]
    public void A_finished_training_resumes_at_once()
    {
        using var folder = new TemporaryFolder();
        using var first = Fit(Options(folder.Path));
        var options = Options(folder.Path);
        options.Resume = true;
        options.MetricsCallback = _ => Assert.Fail("There was nothing left to do.");
        using var again = Fit(options);
        Assert.AreEqual(12, again.Training.ResumedFromStep);
        Assert.HasCount(3, again.Training.Epochs);
        AssertEqual(first, again);
    }

    [TestMethod]
    public void A_fresh_training_does_not_run_over_an_earlier_one()
    {
        using var folder = new TemporaryFolder();
        using var first = Fit(Options(folder.Path));
        Assert.Contains("Set Resume", Assert.Throws<InvalidOperationException>(() => Fit(Options(folder.Path))).Message);
    }

    [TestMethod]
    public void Two_generations_are_kept_and_no_temporary_file()
    {
        using var folder = new TemporaryFolder();
        using var model = Fit(Options(folder.Path));
        Assert.AreSequenceEqual(
            [
                "checkpoint-000000008.json",
                "checkpoint-000000008.safetensors",
                "checkpoint-000000012.json",
                "checkpoint-000000012.safetensors",
                "metrics.jsonl",
            ],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [TestMethod]
    public void What_a_killed_process_left_half_written_is_removed()
    {
        using var folder = new TemporaryFolder();
        using var model = Fit(Options(folder.Path));
        folder.Write("checkpoint-000000013.safetensors", [1]);
        folder.Write("checkpoint-000000014.json.4711.tmp", [1]);
        var options = Options(folder.Path);
        options.Resume = true;
        using var resumed = Fit(options);
        Assert.AreEqual(12, resumed.Training.ResumedFromStep);
        Assert.HasCount(5, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void A_damaged_checkpoint_is_refused_by_name_and_the_generation_before_it_is_used()
    {
        using var folder = new TemporaryFolder();
        using var uninterrupted = Fit(Options(folder["run"]));
        var random = new Random(1);
        foreach (var file in new[] { "checkpoint-000000012.json", "checkpoint-000000012.safetensors" })
        {
            // A flipped bit near the start, somewhere, and at the end; a missing last byte; nothing left.
            foreach (
                var damage in new Func<byte[], byte[]>[]
                {
                    bytes => Flip(bytes, 9),
                    bytes => Flip(bytes, random.Next(bytes.Length)),
                    bytes => Flip(bytes, bytes.Length - 1),
                    bytes => bytes[..^1],
                    _ => [],
                }
            )
            {
                var copy = folder[Guid.NewGuid().ToString("N")];
                TemporaryFolder.Copy(folder["run"], copy);
                File.WriteAllBytes(Path.Combine(copy, file), damage(File.ReadAllBytes(Path.Combine(copy, file))));
                var messages = new List<string>();
                _images.Context.Log += (_, message) => messages.Add(message.Message);
                var options = Options(copy);
                options.Resume = true;
                using var resumed = Fit(options);
                Assert.AreEqual(8, resumed.Training.ResumedFromStep);
                Assert.IsTrue(messages.Any(message => message.Contains(file) && message.Contains("cannot be used")));
                AssertEqual(uninterrupted, resumed);
            }
        }
    }

    [TestMethod]
    public void With_no_whole_generation_left_the_newest_is_named()
    {
        using var folder = new TemporaryFolder();
        using var model = Fit(Options(folder.Path));
        foreach (var file in Directory.GetFiles(folder.Path, "*.safetensors"))
            File.WriteAllBytes(file, File.ReadAllBytes(file)[..^4]);
        var options = Options(folder.Path);
        options.Resume = true;
        var refusal = Assert.Throws<InvalidDataException>(() => Fit(options));
        Assert.Contains("checkpoint-000000012.safetensors", refusal.Message);
        Assert.Contains("No earlier generation", refusal.Message);
    }

    [TestMethod]
    public void Other_options_or_other_rows_than_the_checkpoints_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var model = Fit(Options(folder.Path));
        var options = Options(folder.Path);
        options.Resume = true;
        options.LearningRate = 0.5;
        var refusal = Assert.Throws<ArgumentException>(() => Fit(options));
        Assert.Contains("LearningRate = 0.003", refusal.Message);
        Assert.Contains("0.5", refusal.Message);

        options = Options(folder.Path);
        options.Resume = true;
        Assert.Contains(
            "other rows",
            Assert.Throws<ArgumentException>(() => _images.Context.Vision.NoisyViT(options).Fit(_images.View(60, seed: 5))).Message
        );
    }

    [TestMethod]
    public void Resume_without_a_checkpoint_starts_afresh()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.Path);
        options.Resume = true;
        using var model = Fit(options);
        Assert.IsNull(model.Training.ResumedFromStep);
        Assert.AreEqual(12, model.Training.Steps);
    }

    [TestMethod]
    public void A_folder_that_cannot_take_a_checkpoint_keeps_the_last_one()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.Path);
        // A folder in the way of the second checkpoint's file.
        options.MetricsCallback = report =>
        {
            if (report.Step == 6)
                Directory.CreateDirectory(folder["checkpoint-000000008.safetensors"]);
        };
        var failure = Assert.Throws<IOException>(() => Fit(options));
        Assert.Contains("checkpoint-000000008.json", failure.Message);
        Assert.Contains("checkpoint-000000004.json", failure.Message);
        Directory.Delete(folder["checkpoint-000000008.safetensors"]);

        options = Options(folder.Path);
        options.Resume = true;
        using var resumed = Fit(options);
        Assert.AreEqual(4, resumed.Training.ResumedFromStep);
    }

    [TestMethod]
    public void An_old_generation_that_cannot_be_removed_names_the_newest_which_is_whole()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.Path);
        // A folder in the place of the oldest generation's tensors, when the third is about to be written.
        options.MetricsCallback = report =>
        {
            if (report.Step == 11)
            {
                File.Delete(folder["checkpoint-000000004.safetensors"]);
                Directory.CreateDirectory(folder["checkpoint-000000004.safetensors"]);
            }
        };
        var failure = Assert.Throws<IOException>(() => Fit(options));
        Assert.Contains("no longer needed could not be removed", failure.Message);
        Assert.Contains($"'{folder["checkpoint-000000012.json"]}', is whole", failure.Message);
        Checkpoint.Read(folder["checkpoint-000000012.json"]).Dispose();
    }

    /// <summary>
    /// Three epochs of four steps with every source of randomness (dropout, latent noise, input noise) and all that has a state.
    /// </summary>
    NoisyViTTrainer.Options Options(string? workspace = null)
    {
        var options = _images.Options(epochs: 3);
        options.Network = options.Network with { DropoutRate = 0.1 };
        options.InputNoise = new GaussianNoise(20);
        options.Augmentation = new(CropPadding: 1, HorizontalFlip: true, Operations: 1, MixupAlpha: 0.2);
        (options.MovingAverageDecay, options.LayerRateDecay, options.BalanceClasses) = (0.8, 0.9, true);
        options.LatentNoise = new(new GaussianNoise(0.1), NoiseSite.AttentionInput);
        options.ValidationSet = _images.View(30, seed: 2);
        options.LogEverySteps = 1;
        options.WorkspacePath = workspace;
        return options;
    }

    NoisyViTTrainer.Options OnTwoThreads(string? workspace)
    {
        var options = Options(workspace);
        options.ThreadCount = 2;
        return options;
    }

    NetworkTransformer Fit(NoisyViTTrainer.Options options) => _images.Context.Vision.NoisyViT(options).Fit(_images.View(60));

    static void AssertEqual(NetworkTransformer expected, NetworkTransformer actual)
    {
        Assert.AreSequenceEqual(
            TrainedWeights.Of(expected).Select(BitConverter.SingleToInt32Bits),
            TrainedWeights.Of(actual).Select(BitConverter.SingleToInt32Bits)
        );
        Assert.AreSequenceEqual(expected.Training.Epochs.Select(Outcome), actual.Training.Epochs.Select(Outcome));
        Assert.AreEqual(expected.Training.BestEpoch, actual.Training.BestEpoch);

        static (int, double, double?, double?, double?) Outcome(TrainingMetrics epoch) =>
            (epoch.Epoch, epoch.Loss, epoch.TrainingAccuracy, epoch.ValidationAccuracy, epoch.ValidationLoss);
    }

    [TestMethod]
    public void Any_flipped_or_missing_byte_and_any_truncation_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        using (Fit(Options(folder.Path))) { }
        Checkpoint.Read(folder["checkpoint-000000012.json"]).Dispose();
        var random = new Random(5);
        foreach (var file in new[] { "checkpoint-000000012.json", "checkpoint-000000012.safetensors" })
        {
            var whole = File.ReadAllBytes(folder[file]);
            // Every byte of the length and the header's beginning, then anywhere.
            for (var trial = 0; trial < 300; trial++)
            {
                var position = trial < 60 ? trial : random.Next(whole.Length);
                var damaged = (trial % 3) switch
                {
                    0 => [.. whole[..position], (byte)(whole[position] ^ (1 << random.Next(8))), .. whole[(position + 1)..]],
                    1 => [.. whole[..position], .. whole[(position + 1)..]],
                    _ => whole[..position],
                };
                File.WriteAllBytes(folder[file], damaged);
                var refusal = Assert.Throws<InvalidDataException>(
                    () => Checkpoint.Read(folder["checkpoint-000000012.json"]).Dispose(),
                    $"{file}, trial {trial} at {position}"
                );
                Assert.Contains(file, refusal.Message);
            }
            File.WriteAllBytes(folder[file], whole);
        }
        Checkpoint.Read(folder["checkpoint-000000012.json"]).Dispose();
    }

    static byte[] Flip(byte[] bytes, int index)
    {
        bytes[index] ^= 4;
        return bytes;
    }
}
