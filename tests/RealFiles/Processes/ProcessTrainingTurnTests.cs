using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Tests.Training;
using NoisyNN.Transforms.Noise.Gaussian;

namespace NoisyNN.Tests.RealFiles.Processes;

/// <summary>Several trainings in one process, which share torch's generator and threads.</summary>
[TestClass]
public sealed class ProcessTrainingTurnTests
{
    [TestMethod]
    public void Trainings_on_several_threads_end_with_the_weights_that_each_has_alone()
    {
        var expected = Enumerable.Range(1, 3).Select(Train).ToList();
        for (var round = 0; round < 3; round++)
        {
            var trained = new float[3][];
            var threads = Enumerable.Range(0, 3).Select(index => new Thread(() => trained[index] = Train(index + 1))).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            for (var index = 0; index < 3; index++)
                Assert.AreSequenceEqual(expected[index], trained[index], $"round {round}, seed {index + 1}");
        }
    }

    [TestMethod]
    public void A_training_inside_another_one_leaves_its_weights_as_they_are()
    {
        var (outer, inner) = (Train(1), Train(2));
        float[] nested = [];

        var surrounding = Train(1, onReport: () => nested = nested.Length > 0 ? nested : Train(2));

        Assert.AreSequenceEqual(outer, surrounding);
        Assert.AreSequenceEqual(inner, nested);
    }

    [TestMethod]
    public void A_training_inside_another_one_on_another_thread_is_refused_in_place_of_waiting_for_ever()
    {
        InvalidOperationException? refusal = null;

        Train(
            1,
            onReport: () =>
            {
                var thread = new Thread(() => refusal = Assert.ThrowsExactly<InvalidOperationException>(() => Train(2)));
                thread.Start();
                thread.Join();
            }
        );

        Assert.Contains("inside another one, on another thread", refusal!.Message);
        Assert.IsNotEmpty(Train(2));
    }

    [TestMethod]
    public void A_training_that_waits_for_another_one_can_be_cancelled()
    {
        using var stop = new CancellationTokenSource();
        using var began = new ManualResetEventSlim();
        var waiting = new Thread(() =>
        {
            began.Wait();
            Assert.Throws<OperationCanceledException>(() => Train(2, cancellation: stop.Token));
        });
        // Started outside, as what a training starts is a part of it.
        waiting.Start();

        var weights = Train(
            1,
            onReport: () =>
            {
                began.Set();
                stop.CancelAfter(50);
                Assert.IsTrue(waiting.Join(TimeSpan.FromMinutes(1)), "the waiting one has ended while this one is at work");
            }
        );

        Assert.AreSequenceEqual(Train(1), weights);
    }

    static float[] Train(int seed) => Train(seed, onReport: () => { });

    static float[] Train(int seed, Action? onReport = null, CancellationToken cancellation = default)
    {
        var images = new PlantedImages(seed);
        var options = images.Options();
        (options.Seed, options.CancellationToken) = (seed, cancellation);
        // Drawn from torch's generator at every step.
        options.LatentNoise = new(new GaussianNoise(0.1), NoiseSite.AfterEmbedding);
        options.MetricsCallback = _ => onReport?.Invoke();
        using var model = images.Context.Vision.NoisyViT(options).Fit(images.View(48));
        return TrainedWeights.Of(model);
    }
}
