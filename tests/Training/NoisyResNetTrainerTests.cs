using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Prediction;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;
using TorchSharp;

namespace NoisyNN.Tests.Training;

[TestClass]
public class NoisyResNetTrainerTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    public void A_planted_problem_is_learnt_with_the_released_noise_in_training()
    {
        var options = Options(epochs: 4);
        options.ValidationSet = _images.View(60, seed: 2);
        options.LatentNoise = LatentNoisePlacement.ReleasedNoisyResNet with { AtInference = false };
        using var model = _images.Context.Vision.NoisyResNet(options).Fit(_images.View(240));

        var metrics = _images.Context.MulticlassClassification.Evaluate(model.Transform(_images.View(90, seed: 3)));
        Assert.IsGreaterThan(0.95, metrics.MicroAccuracy);
        Assert.IsTrue(model.IsRowToRowMapper);
    }

    [TestMethod]
    public void A_resumed_training_has_the_running_averages_of_an_uninterrupted_one()
    {
        using var folder = new TemporaryFolder();
        using var uninterrupted = _images.Context.Vision.NoisyResNet(Options(epochs: 2)).Fit(_images.View(60));
        using var stop = new CancellationTokenSource();
        var options = Options(epochs: 2);
        options.WorkspacePath = folder.Path;
        options.LogEverySteps = 1;
        options.CancellationToken = stop.Token;
        options.MetricsCallback = report =>
        {
            if (report.Step == 5)
                stop.Cancel();
        };
        _images.Context.Vision.NoisyResNet(options).Fit(_images.View(60)).Dispose();

        options = Options(epochs: 2);
        options.WorkspacePath = folder.Path;
        options.Resume = true;
        using var resumed = _images.Context.Vision.NoisyResNet(options).Fit(_images.View(60));
        Assert.AreEqual(5, resumed.Training.ResumedFromStep);
        var (expected, actual) = (uninterrupted.Network.state_dict(), resumed.Network.state_dict());
        Assert.AreEqual(8, actual["bn1.num_batches_tracked"].item<long>());
        foreach (var (name, value) in expected)
            Assert.IsTrue(value.eq(actual[name]).all().item<bool>(), name);
    }

    [TestMethod]
    public void A_saved_chain_scores_where_only_ML_NET_is_known()
    {
        var context = _images.Context;
        using var model = context
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(context.Vision.NoisyResNet(Options(epochs: 2)))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(_images.TextView(60));
        using var stream = new MemoryStream();
        context.Model.Save(model, _images.TextView(3).Schema, stream);
        stream.Position = 0;

        var fresh = new MLContext();
        var loaded = fresh.Model.Load(stream, out _);
        var rows = fresh.Data.LoadFromEnumerable(PlantedImages.Rows(20, seed: 3));
        var scores = model.Transform(rows).GetColumn<float[]>("Score").Zip(loaded.Transform(rows).GetColumn<float[]>("Score")).ToArray();
        Assert.HasCount(20, scores);
        Assert.IsLessThan(1e-5, scores.Max(pair => pair.First.Zip(pair.Second, (first, second) => Math.Abs(first - second)).Max()));
        (loaded as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void A_schedule_is_asked_for_the_step_of_the_training()
    {
        // A delay beyond the training leaves noise of strength 0: the weights are those of a training without noise.
        using var clean = _images.Context.Vision.NoisyResNet(Options(epochs: 1)).Fit(_images.View(48));
        using var delayed = Fit(new NoiseSchedule(From: 0, To: 1, Steps: 1, Delay: 3));
        using var noisy = Fit(new NoiseSchedule(From: 0, To: 1, Steps: 1, Delay: 1));
        Assert.IsTrue(Head(clean).Equals(Head(delayed)));
        Assert.IsFalse(Head(clean).Equals(Head(noisy)));

        NetworkTransformer Fit(NoiseSchedule schedule)
        {
            var options = Options(epochs: 1);
            options.LatentNoise = new(new OptimalMixingNoise(MixAxis.Batch), NoiseSite.BeforeHead, Schedule: schedule);
            return _images.Context.Vision.NoisyResNet(options).Fit(_images.View(48));
        }

        static string Head(NetworkTransformer model) =>
            string.Join(' ', model.Network.state_dict()["fc.weight"].detach().data<float>().ToArray());
    }

    static NoisyResNetTrainer.Options Options(int epochs) =>
        new()
        {
            Network = new NoisyResNetConfiguration { ImageSize = 6, Width = 4 },
            MaxEpoch = epochs,
            BatchSize = 16,
            LearningRate = 5e-3,
            WarmupEpochs = 0.5,
            Seed = 7,
            LogEverySteps = 0,
        };
}
