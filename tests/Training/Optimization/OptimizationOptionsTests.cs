using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Training.Optimization;
using NoisyNN.Tests.Models;
using NoisyNN.Transforms.Noise.Gaussian;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Training.Optimization;

/// <summary>What the options of the optimiser do to the weights, against the arithmetic that their papers state.</summary>
[TestClass]
public class OptimizationOptionsTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    public void Accumulated_batches_take_the_steps_of_one_large_batch()
    {
        // 57 rows: a step of 32 in two batches, and a last one of 25 in batches of 16 and 9.
        var large = Weights(options => options.BatchSize = 32);
        var accumulated = Weights(options => (options.BatchSize, options.AccumulationSteps) = (16, 2));
        Assert.AreEqual(0, large.Zip(accumulated, (one, other) => Math.Abs(one - other)).Max(), 1e-6);
        Assert.IsGreaterThan(5e-5, large.Zip(Weights(options => options.BatchSize = 16), (one, other) => Math.Abs(one - other)).Max());

        float[] Weights(Action<NoisyViTTrainer.Options> change)
        {
            var options = _images.Options(epochs: 1);
            // The update of AdamW's first steps is nearly the gradient's sign, which turns a rounding of a gradient near 0 into a whole
            // step.
            (options.LearningRate, options.WarmupEpochs) = (1e-4, 0);
            options.BalanceClasses = true;
            change(options);
            using var model = _images.Context.Vision.NoisyViT(options).Fit(_images.View(57));
            return TrainedWeights.Of(model);
        }
    }

    [TestMethod]
    public void The_rate_falls_by_the_decay_from_each_layer_to_the_one_below()
    {
        // AdamW's first step moves a weight by the rate, whatever its gradient, as long as that is far above epsilon.
        var options = new NoisyViTTrainer.Options
        {
            LayerRateDecay = 0.5,
            WeightDecay = 0,
            ClipNorm = 0,
        };
        using var network = TinyNetwork.Create();
        using var optimization = new NetworkOptimizer(network, options);
        var before = Copies(network);
        using (var gradient = network.call(rand(3, network.Channels, network.Height, network.Width) * 255).square().sum())
            gradient.backward();
        foreach (var parameter in network.parameters())
            parameter.grad!.fill_(1);
        Assert.IsTrue(optimization.Step(0.01));
        var depth = ((NoisyViT)network).Configuration.Depth;
        foreach (
            var (name, layer) in new[]
            {
                ("head.bias", depth + 1),
                ("norm.weight", depth + 1),
                ($"blocks.{depth - 1}.norm1.weight", depth),
                ("blocks.0.mlp.fc1.weight", 1),
                ("cls_token", 0),
            }
        )
            Assert.AreEqual(
                0.01 * Math.Pow(0.5, depth + 1 - layer),
                (before[name] - network.state_dict()[name]).abs().max().item<float>(),
                1e-6,
                name
            );
    }

    [TestMethod]
    public void The_moving_average_is_the_recursion_and_leaves_the_weights_as_they_were()
    {
        using var network = TinyNetwork.Create();
        using var average = new MovingAverage(network, decay: 0.9);
        var weight = network.state_dict()["norm.weight"];
        var expected = 1.0;
        using (no_grad())
        {
            for (var step = 1; step <= 200; step++)
            {
                weight.fill_(step);
                average.Update(step);
                var decay = Math.Min(0.9, (1.0 + step) / (10 + step));
                expected = decay * expected + (1 - decay) * step;
            }
            using (average.InNetwork())
                Assert.AreEqual(expected, weight[0].item<float>(), 1e-3);
            Assert.AreEqual(200f, weight[0].item<float>());
        }
    }

    [TestMethod]
    public void Balanced_classes_have_the_same_total_weight_and_rows_an_average_weight_of_1()
    {
        var options = _images.Options();
        options.BalanceClasses = true;
        // scikit-learn's "balanced": rows / (classes with rows x rows of the class).
        double[] expected = [100 / (3 * 50.0), 0, 100 / (3 * 30.0), 100 / (3 * 20.0)];
        Assert.IsLessThan(1e-12, Objective.Weights(options, [50, 0, 30, 20])!.Zip(expected, (one, other) => Math.Abs(one - other)).Max());
        options.BalanceClasses = false;
        Assert.IsNull(Objective.Weights(options, [50, 50]));
        options.ClassWeights = [1, 3];
        Assert.AreSequenceEqual([0.5, 1.5], Objective.Weights(options, [50, 50])!);
        Assert.Contains(
            "2 weights, but the label column has 3 classes",
            Assert.Throws<ArgumentException>(() => Objective.Weights(options, [1, 1, 1])).Message
        );
        options.ClassWeights = [1, 0];
        Assert.Contains(
            "0 for every class that has training rows",
            Assert.Throws<ArgumentException>(() => Objective.Weights(options, [0, 5])).Message
        );
    }

    [TestMethod]
    public void A_weighted_loss_is_the_sum_over_rows_of_weight_times_cross_entropy()
    {
        var options = _images.Options();
        (options.LabelSmoothing, options.ClassWeights) = (0, [1, 3]);
        using var objective = Objective.Create(options, [2, 2], CPU);
        using var logits = tensor([0.3f, -1.2f, 2f, 0.5f, -0.4f, 0.1f], 3, 2);
        using var classes = tensor([0L, 1, 1]);
        double[] rows = [0.5 * Entropy(0.3, -1.2), 1.5 * Entropy(0.5, 2), 1.5 * Entropy(0.1, -0.4)];
        Assert.AreEqual(rows.Sum(), objective.Sum(logits, classes).item<float>(), 1e-5);

        static double Entropy(double right, double wrong) => Math.Log(1 + Math.Exp(wrong - right));
    }

    [TestMethod]
    public void Without_an_improvement_for_as_long_as_patience_lasts_the_training_ends_and_the_best_epoch_is_kept()
    {
        var options = _images.Options(epochs: 12);
        // A rate that is 0 in single precision, so that no weight changes: the first epoch stays the best.
        (options.LearningRate, options.Patience, options.ValidationSet) = (1e-60, 2, _images.View(30, seed: 2));
        using var model = _images.Context.Vision.NoisyViT(options).Fit(_images.View(60));
        Assert.IsTrue(model.Training.StoppedEarly);
        Assert.IsFalse(model.Training.Interrupted);
        Assert.HasCount(model.Training.BestEpoch + 2, model.Training.Epochs);

        options.ValidationSet = null;
        Assert.Contains(
            "Patience is 2",
            Assert.Throws<ArgumentException>(() => _images.Context.Vision.NoisyViT(options).Fit(_images.View(60))).Message
        );
    }

    [TestMethod]
    public void Any_number_of_loading_threads_gives_the_same_weights()
    {
        var one = Weights(1);
        Assert.AreSequenceEqual(one, Weights(2));
        Assert.AreSequenceEqual(one, Weights(5));

        float[] Weights(int threads)
        {
            var options = _images.Options(epochs: 2);
            options.InputNoise = new GaussianNoise(20);
            (options.LoadingThreadCount, options.BatchSize) = (threads, 7);
            using var model = _images.Context.Vision.NoisyViT(options).Fit(_images.View(60));
            return TrainedWeights.Of(model);
        }
    }

    static Dictionary<string, Tensor> Copies(ImageClassifier network) =>
        network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());
}
