using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Training;
using NoisyNN.Tests.Training;

namespace NoisyNN.Tests.InformationDropout;

[TestClass]
public sealed class AllCnnTrainerTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    public void A_planted_problem_is_learnt_and_the_information_is_told_layer_by_layer()
    {
        using var folder = new TemporaryFolder();
        var options = Options(epochs: 4);
        options.ValidationSet = _images.View(60, seed: 2);
        options.WorkspacePath = folder.Path;
        options.TensorBoard = true;
        using var model = _images.Context.Vision.AllCnn(options).Fit(_images.View(240));

        Assert.IsGreaterThan(0.9, model.Training.ValidationAccuracy!.Value);
        var metrics = _images.Context.MulticlassClassification.Evaluate(model.Transform(_images.View(90, seed: 3)));
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);

        foreach (var epoch in model.Training.Epochs)
            CollectionAssert.AreEquivalent(new[] { "block.0", "block.1" }, epoch.Penalties!.Keys.ToArray());
        var line = JsonDocument.Parse(File.ReadLines(Path.Combine(folder.Path, "metrics.jsonl")).Last()).RootElement;
        Assert.IsGreaterThan(0, line.GetProperty("penalties").GetProperty("block.1").GetDouble());
        var events = File.ReadAllBytes(Directory.GetFiles(folder.Path, "events.out.tfevents.*").Single());
        Assert.IsGreaterThan(0, events.AsSpan().IndexOf("epoch/penalty/block.1"u8));
    }

    [TestMethod]
    public void Dear_information_is_sent_less_than_free_information()
    {
        Assert.IsLessThan(0.5 * Information(beta: 0), Information(beta: 300));

        double Information(double beta)
        {
            var options = Options(epochs: 3);
            options.Network = options.Network with { Dropout = new() { Beta = beta } };
            using var model = _images.Context.Vision.AllCnn(options).Fit(_images.View(160));
            return model.Training.Epochs[^1].Penalties!.Values.Sum();
        }
    }

    [TestMethod]
    public void The_loss_is_the_cross_entropy_plus_the_price()
    {
        // One batch and one step from the same weights with the same noise: the losses differ by beta/N times the nats.
        var (free, priced) = (FirstLoss(beta: 0), FirstLoss(beta: 16));
        Assert.AreEqual(priced.Information, free.Information, 1e-4);
        Assert.AreEqual(16 / 16.0 * priced.Information, priced.Loss - free.Loss, 1e-3);

        (double Loss, double Information) FirstLoss(double beta)
        {
            var options = Options(epochs: 1);
            options.Network = options.Network with { Dropout = new() { Beta = beta } };
            using var model = _images.Context.Vision.AllCnn(options).Fit(_images.View(16));
            return (model.Training.Epochs[0].Loss, model.Training.Epochs[0].Penalties!.Values.Sum());
        }
    }

    [TestMethod]
    public void A_training_in_two_parts_ends_with_the_same_weights_as_one_in_one()
    {
        using var folder = new TemporaryFolder();
        var train = _images.View(60);
        using var whole = _images.Context.Vision.AllCnn(Options(epochs: 2)).Fit(train);

        using var stop = new CancellationTokenSource();
        var options = Options(epochs: 2);
        options.WorkspacePath = folder.Path;
        options.CancellationToken = stop.Token;
        options.LogEverySteps = 1;
        options.MetricsCallback = metrics =>
        {
            if (metrics.Step == 6)
                stop.Cancel();
        };
        using (var part = _images.Context.Vision.AllCnn(options).Fit(train))
            Assert.IsTrue(part.Training.Interrupted);
        options = Options(epochs: 2);
        options.LogEverySteps = 1;
        options.WorkspacePath = folder.Path;
        options.Resume = true;
        using var resumed = _images.Context.Vision.AllCnn(options).Fit(train);

        Assert.IsNotNull(resumed.Training.ResumedFromStep);
        foreach (var (name, weight) in whole.Network.state_dict())
            if (weight.is_floating_point())
                Assert.IsTrue(weight.bytes.SequenceEqual(resumed.Network.state_dict()[name].bytes), name);
    }

    [TestMethod]
    [DataRow(DropoutKind.Variational)]
    [DataRow(DropoutKind.Gaussian)]
    [DataRow(DropoutKind.Binary)]
    public void Special_cases_train_too(DropoutKind kind)
    {
        var options = Options(epochs: 6);
        options.Network = options.Network with
        {
            Dropout = new()
            {
                Kind = kind,
                MaxAlpha = 0.3,
                KeepProbability = 0.8,
                Beta = 1,
            },
        };
        using var model = _images.Context.Vision.AllCnn(options).Fit(_images.View(160));
        Assert.IsGreaterThan(
            0.8,
            _images.Context.MulticlassClassification.Evaluate(model.Transform(_images.View(60, seed: 3))).MicroAccuracy
        );
    }

    [TestMethod]
    public void Softplus_with_its_learned_prior_trains_too()
    {
        var options = Options(epochs: 4);
        options.Network = options.Network with
        {
            Dropout = new() { Prior = InformationPrior.LogNormal, Beta = 0.5 },
        };
        using var model = _images.Context.Vision.AllCnn(options).Fit(_images.View(200));
        Assert.IsGreaterThan(
            0.8,
            _images.Context.MulticlassClassification.Evaluate(model.Transform(_images.View(60, seed: 3))).MicroAccuracy
        );
        var priors = model.Network.state_dict().Where(entry => entry.Key.EndsWith("prior_mean", StringComparison.Ordinal)).ToList();
        Assert.HasCount(2, priors);
        Assert.IsTrue(priors.All(entry => entry.Value.item<float>() != 0));
    }

    internal static AllCnnTrainer.Options Options(int epochs) =>
        new()
        {
            Network = new()
            {
                ImageSize = 6,
                Channels = 1,
                Widths = [6, 8],
                InputKeepProbability = 0.9,
            },
            MaxEpoch = epochs,
            BatchSize = 16,
            LearningRate = 1e-2,
            Seed = 7,
            LogEverySteps = 0,
            LabelSmoothing = 0,
        };
}
