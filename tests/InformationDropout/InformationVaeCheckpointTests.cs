using Microsoft.ML;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Checkpoints;
using NoisyNN.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.InformationDropout;

/// <summary>
/// An autoencoder's training that stops and goes on. 60 rows in batches of 16 are 4 steps an epoch, the last of them of 12 rows.
/// </summary>
[TestClass]
public sealed class InformationVaeCheckpointTests : IDisposable
{
    readonly PlantedImages _images = new();
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(VaePosterior.Gaussian, 1)]
    [DataRow(VaePosterior.InformationDropout, 1)]
    [DataRow(VaePosterior.InformationDropout, 2)]
    [DataRow(VaePosterior.Gaussian, 3)]
    public void A_training_that_was_killed_in_mid_epoch_resumes_to_the_same_bits(VaePosterior posterior, int everySteps)
    {
        // A copy of the folder, without its newest generation, is what a kill leaves behind between the last checkpoint in an epoch and the
        // one at its end.
        using var uninterrupted = Fit(Options(posterior));
        var options = Options(posterior, _folder["run"], everySteps);
        options.MetricsCallback = metrics => TemporaryFolder.Copy(_folder["run"], _folder[$"killed-{metrics.Epoch}"]);
        using var whole = Fit(options);
        AssertEqual(uninterrupted, whole);
        foreach (var epoch in new[] { 1, 2, 3 })
        {
            var killed = _folder[$"killed-{epoch}"];
            Checkpoint.Delete(Path.Combine(killed, $"checkpoint-{4 * epoch:D9}.json"));
            using var resumed = Fit(Options(posterior, killed, everySteps, resume: true));
            Assert.AreEqual((4 * epoch - 1) / everySteps * everySteps, resumed.Training.ResumedFromStep);
            AssertEqual(uninterrupted, resumed);
            // Every report is there once, whatever was done twice.
            Assert.HasCount(3, File.ReadAllLines(Path.Combine(killed, "metrics.jsonl")));
        }
    }

    [TestMethod]
    public void A_cancelled_training_keeps_a_checkpoint_and_resumes_to_the_same_bits()
    {
        using var uninterrupted = Fit(Options(VaePosterior.InformationDropout));
        using var stop = new CancellationTokenSource();
        var options = Options(VaePosterior.InformationDropout, _folder.Path);
        options.CancellationToken = stop.Token;
        options.MetricsCallback = metrics =>
        {
            if (metrics.Epoch == 2)
                stop.Cancel();
        };
        using (var interrupted = Fit(options))
        {
            Assert.IsTrue(interrupted.Training.Interrupted);
            Assert.AreEqual(8, interrupted.Training.Steps);
        }
        using var resumed = Fit(Options(VaePosterior.InformationDropout, _folder.Path, resume: true));
        Assert.AreEqual(8, resumed.Training.ResumedFromStep);
        AssertEqual(uninterrupted, resumed);
    }

    [TestMethod]
    public void A_finished_training_resumes_at_once_and_two_generations_are_kept()
    {
        using var first = Fit(Options(VaePosterior.Gaussian, _folder.Path));
        Assert.AreSequenceEqual(
            [
                "checkpoint-000000008.json",
                "checkpoint-000000008.safetensors",
                "checkpoint-000000012.json",
                "checkpoint-000000012.safetensors",
                "metrics.jsonl",
            ],
            Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        var options = Options(VaePosterior.Gaussian, _folder.Path, resume: true);
        options.MetricsCallback = _ => Assert.Fail("There was nothing left to do.");
        using var again = Fit(options);
        Assert.AreEqual(12, again.Training.ResumedFromStep);
        AssertEqual(first, again);
    }

    [TestMethod]
    public void Every_epoch_has_a_line_in_the_metrics_with_the_figures_of_its_report()
    {
        using var model = Fit(Options(VaePosterior.Gaussian, _folder.Path));
        var lines = File.ReadAllLines(_folder["metrics.jsonl"]).Select(line => System.Text.Json.Nodes.JsonNode.Parse(line)!).ToList();
        Assert.HasCount(3, lines);
        foreach (var (line, epoch) in lines.Zip(model.Training.Epochs))
        {
            Assert.AreEqual(epoch.Epoch, line["epoch"]!.GetValue<int>());
            Assert.AreEqual(epoch.Bound!.Value, line["bound"]!.GetValue<double>());
            Assert.AreEqual(epoch.LogLikelihood!.Value, line["logLikelihood"]!.GetValue<double>());
            Assert.AreEqual(epoch.Divergence!.Value, line["divergence"]!.GetValue<double>());
            Assert.AreEqual(epoch.ValidationBound!.Value, line["validationBound"]!.GetValue<double>());
        }
    }

    [TestMethod]
    public void A_damaged_generation_is_refused_by_name_and_the_one_before_is_used()
    {
        using var uninterrupted = Fit(Options(VaePosterior.Gaussian, _folder.Path));
        var damaged = _folder["checkpoint-000000012.safetensors"];
        var bytes = File.ReadAllBytes(damaged);
        bytes[^3] ^= 1;
        File.WriteAllBytes(damaged, bytes);
        var messages = new List<string>();
        _images.Context.Log += (_, message) => messages.Add(message.Message);
        using var resumed = Fit(Options(VaePosterior.Gaussian, _folder.Path, resume: true));
        Assert.AreEqual(8, resumed.Training.ResumedFromStep);
        Assert.IsTrue(messages.Any(message => message.Contains("checkpoint-000000012.safetensors") && message.Contains("cannot be used")));
        AssertEqual(uninterrupted, resumed);
    }

    [TestMethod]
    public void Other_options_other_rows_and_the_training_of_a_classifier_are_refused()
    {
        using var model = Fit(Options(VaePosterior.Gaussian, _folder.Path));
        var options = Options(VaePosterior.InformationDropout, _folder.Path, resume: true);
        Assert.Contains("Network", Assert.Throws<ArgumentException>(() => Fit(options)).Message);
        options = Options(VaePosterior.Gaussian, _folder.Path, resume: true);
        Assert.Contains(
            "other rows",
            Assert.Throws<ArgumentException>(() => _images.Context.Vision.InformationVae(options).Fit(_images.View(60, seed: 5))).Message
        );
        Assert.Contains(
            "Set Resume",
            Assert.Throws<InvalidOperationException>(() => Fit(Options(VaePosterior.Gaussian, _folder.Path))).Message
        );

        var classifier = _images.Options();
        (classifier.WorkspacePath, classifier.Resume) = (_folder.Path, true);
        var refusal = Assert.Throws<ArgumentException>(() => _images.Context.Vision.NoisyViT(classifier).Fit(_images.View(60)));
        Assert.Contains("a training of another kind", refusal.Message);
        Assert.Contains("checkpoint-000000012.json", refusal.Message);
        Assert.Contains("start in another WorkspacePath", refusal.Message);
    }

    [TestMethod]
    public void A_bound_that_is_no_number_stops_with_a_diagnosis_and_the_last_good_checkpoint()
    {
        // A learning rate that is fit for nothing: the weights grow until a bound, or a weight that a checkpoint would hold, is no finite
        // number.
        var options = Options(VaePosterior.Gaussian, _folder.Path, everySteps: 1);
        (options.LearningRate, options.MaxEpoch) = (10, 20);
        var stopped = Assert.ThrowsExactly<TrainingDivergedException>(() => Fit(options));
        Assert.Contains("not a finite number", stopped.Message);
        Assert.Contains("Lower LearningRate", stopped.Message);
        Assert.IsGreaterThan(0, stopped.Step);
        Assert.AreEqual(Directory.GetFiles(_folder.Path, "*.json").Max(StringComparer.Ordinal), stopped.Checkpoint);
        if (stopped.Checkpoint is { } last)
        {
            using var checkpoint = Checkpoint.Read(last);
            Assert.IsTrue(checkpoint.Tensors.Values.All(tensor => tensor.isfinite().all().item<bool>()));
        }
    }

    [TestMethod]
    public void Options_that_need_a_folder_say_so()
    {
        foreach (
            var change in new Action<InformationVaeTrainer.Options>[]
            {
                options => options.Resume = true,
                options => options.CheckpointEverySteps = 5,
            }
        )
        {
            var options = Options(VaePosterior.Gaussian);
            change(options);
            Assert.Contains(
                "WorkspacePath",
                Assert.Throws<ArgumentException>(() => _images.Context.Vision.InformationVae(options)).Message
            );
        }
    }

    InformationVaeTrainer.Options Options(VaePosterior posterior, string? workspace = null, int everySteps = 0, bool resume = false) =>
        new()
        {
            Network = new()
            {
                ImageSize = 6,
                LatentDimension = 3,
                HiddenDimension = 24,
                Posterior = posterior,
            },
            MaxEpoch = 3,
            BatchSize = 16,
            LearningRate = 5e-3,
            Seed = 3,
            ThreadCount = 1,
            ValidationSet = _images.View(30, seed: 2),
            WorkspacePath = workspace,
            CheckpointEverySteps = everySteps,
            Resume = resume,
        };

    InformationVaeTransformer Fit(InformationVaeTrainer.Options options) =>
        _images.Context.Vision.InformationVae(options).Fit(_images.View(60));

    static void AssertEqual(InformationVaeTransformer expected, InformationVaeTransformer actual)
    {
        foreach (var (name, weight) in expected.Network.state_dict())
            Assert.IsTrue(weight.bytes.SequenceEqual(actual.Network.state_dict()[name].bytes), name);
        Assert.AreSequenceEqual(expected.Training.Epochs.Select(Outcome), actual.Training.Epochs.Select(Outcome));

        static (int, double, double, double, double?) Outcome(TrainingMetrics epoch) =>
            (epoch.Epoch, epoch.Bound!.Value, epoch.LogLikelihood!.Value, epoch.Divergence!.Value, epoch.ValidationBound);
    }
}
