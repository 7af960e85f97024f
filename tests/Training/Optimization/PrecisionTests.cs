using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Process;
using NoisyNN.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Training.Optimization;

[TestClass]
public class PrecisionTests
{
    readonly PlantedImages _images = new();

    [TestMethod]
    public void Bfloat16_products_give_nearly_the_logits_and_gradients_of_float32_in_float32_tensors()
    {
        using var network = TinyNetwork.Create();
        using var pixels = tensor(TinyNetwork.Pixels(network, 5)).reshape([5, .. network.InputShape.Select(size => (long)size)]);
        var (exact, exactGradients) = Pass();
        network.SetPrecision(Precision.Bfloat16);
        var (rounded, gradients) = Pass();
        Assert.AreEqual(ScalarType.Float32, rounded.dtype);
        var distance = (exact - rounded).abs().max().item<float>();
        // 8 significant bits: rounding errors of 2^-9, relative, in each of a few products. Not equal either, or nothing was rounded.
        Assert.IsGreaterThan(1e-5f, distance);
        Assert.IsLessThan(0.05f * exact.abs().max().item<float>(), distance);
        foreach (var (name, gradient) in gradients)
        {
            Assert.AreEqual(ScalarType.Float32, gradient.dtype, name);
            Assert.IsLessThan(
                0.05f * exactGradients[name].abs().max().item<float>() + 0.05f,
                (exactGradients[name] - gradient).abs().max().item<float>(),
                name
            );
        }

        (Tensor Logits, Dictionary<string, Tensor> Gradients) Pass()
        {
            network.zero_grad();
            var logits = network.call(pixels);
            logits.square().mean().backward();
            return (logits.detach(), network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.grad!.clone()));
        }
    }

    [TestMethod]
    [DataRow(3, 1, false)]
    [DataRow(3, 2, true)]
    [DataRow(1, 2, false)]
    [DataRow(7, 2, false)]
    public void A_convolution_in_bfloat16_is_that_of_rounded_factors_and_so_are_its_gradients(int kernel, int stride, bool hasBias)
    {
        using var scope = NewDisposeScope();
        manual_seed(kernel);
        using var layer = new MixedPrecisionConvolution(5, 6, kernel, stride, hasBias) { Precision = Precision.Bfloat16 };
        var maps = randn(4, 5, 9, 8, requires_grad: true);
        var output = layer.call(maps);
        var weights = randn_like(output);
        (output * weights).sum().backward();

        // By another route: the same factors, rounded, in float32 throughout.
        var (roundedMaps, roundedWeight) = (Rounded(maps), Rounded(layer.Weight));
        var bias = layer.get_parameter("bias") is { } value ? Rounded(value) : null;
        var expected = nn.functional.conv2d(roundedMaps, roundedWeight, bias, [stride, stride], [kernel / 2, kernel / 2]);
        (expected * Rounded(weights)).sum().backward();

        Assert.AreEqual(ScalarType.Float32, output.dtype);
        Assert.IsGreaterThan(0, RelativeDistance(expected, output));
        // What is left is the rounding of results: half of 2^-8 at most, relative, in each value, and once more where a bias is added.
        var limit = Math.Pow(2, -8);
        Assert.IsLessThan(limit, RelativeDistance(expected, output));
        Assert.IsLessThan(limit, RelativeDistance(roundedWeight.grad!, layer.Weight.grad!));
        Assert.IsLessThan(limit, RelativeDistance(roundedMaps.grad!, maps.grad!));

        static Tensor Rounded(Tensor values) => values.detach().to_type(ScalarType.BFloat16).to_type(ScalarType.Float32).requires_grad_();
    }

    [TestMethod]
    [DataRow(2, false)]
    [DataRow(1, false)]
    [DataRow(2, true)]
    public void A_residual_block_has_nearly_the_gradients_of_float32(int stride, bool hasBottleneck)
    {
        manual_seed(2);
        using var block = new ResidualBlock(6, 6, hasBottleneck ? 24 : 6, stride, hasBottleneck);
        using var maps = randn(16, 6, 8, 8);
        using var weights = randn(16, hasBottleneck ? 24 : 6, 8 / stride, 8 / stride);
        // Each product is exact to its rounding, as the test above shows. But the few in a thousand units that rounding carries over the
        // edge of a ReLU lose or gain their whole gradient: the root of 0.003 is 5 % of its norm, a cosine of 0.998.
        Compare(block, () => (block.call(maps) * weights).mean(), precision => SetPrecision(block, precision), leastCosine: 0.995);
    }

    [TestMethod]
    [DataRow("resnet")]
    [DataRow("all-cnn")]
    public void A_network_of_convolutions_has_nearly_the_gradients_of_float32(string architecture)
    {
        manual_seed(2);
        using Classifier network =
            architecture == "all-cnn"
                ? new AllCnn(
                    new()
                    {
                        ImageSize = 12,
                        Channels = 2,
                        ClassCount = 3,
                        Widths = [6, 8],
                        InputKeepProbability = 1,
                    }
                )
                : new NoisyResNet(
                    new()
                    {
                        ImageSize = 16,
                        Channels = 2,
                        ClassCount = 3,
                        Width = 4,
                    }
                );
        network.train();
        using var pixels = tensor(TinyNetwork.Pixels(network, 32)).reshape([32, .. network.InputShape.Select(size => (long)size)]);
        // As in a block, added up over the layers.
        Compare(network, Loss, network.SetPrecision, leastCosine: 0.95);

        Tensor Loss()
        {
            manual_seed(4);
            return network.ForwardWithPenalties(pixels, 100).Logits.square().mean();
        }
    }

    static void SetPrecision(nn.Module module, Precision precision)
    {
        foreach (var layer in module.modules().OfType<IMixedPrecision>())
            layer.Precision = precision;
    }

    static void Compare(nn.Module module, Func<Tensor> loss, Action<Precision> set, double leastCosine)
    {
        var (exact, exactGradient) = Pass();
        set(Precision.Bfloat16);
        var (rounded, gradient) = Pass();
        Assert.AreEqual(ScalarType.Float32, rounded.dtype);
        Assert.AreNotEqual(exact.item<float>(), rounded.item<float>());
        var cosine = (exactGradient.dot(gradient) / (exactGradient.norm() * gradient.norm())).item<float>();
        Assert.IsGreaterThan(leastCosine, cosine);
        Assert.AreEqual(1, gradient.norm().item<float>() / exactGradient.norm().item<float>(), 0.05);

        set(Precision.Float32);
        Assert.AreEqual(exact.item<float>(), Pass().Loss.item<float>(), "it computes in float32 again");

        (Tensor Loss, Tensor Gradient) Pass()
        {
            foreach (var parameter in module.parameters())
                parameter.grad?.zero_();
            var value = loss();
            value.backward();
            Assert.IsTrue(module.parameters().All(parameter => parameter.grad is null || parameter.grad.dtype == ScalarType.Float32));
            return (value.detach(), cat([.. module.parameters().Select(parameter => parameter.grad!.flatten())]).clone());
        }
    }

    [TestMethod]
    public void A_trial_of_products_tells_that_they_can_be_had() => Assert.IsNull(PrecisionSupport.ReasonByTrial(CPU));

    [TestMethod]
    [DataRow("resnet")]
    [DataRow("all-cnn")]
    public void Convolutions_train_in_bfloat16_and_are_delivered_in_float32(string architecture)
    {
        using var folder = new TemporaryFolder();
        if (PrecisionSupport.ReasonOnProcessor() is { } reason)
        {
            Assert.Contains(reason, Assert.Throws<NotSupportedException>(() => Fit(Precision.Bfloat16)).Message);
            return;
        }
        using var single = Fit(Precision.Float32);
        using var rounded = Fit(Precision.Bfloat16);
        var (expected, actual) = (single.Training.Epochs[^1], rounded.Training.Epochs[^1]);
        Assert.AreNotEqual(expected.Loss, actual.Loss);
        Assert.AreEqual(expected.Loss, actual.Loss, 0.05);
        var layers = rounded.Network.modules().OfType<IMixedPrecision>().ToList();
        Assert.IsNotEmpty(layers);
        Assert.IsTrue(layers.All(layer => layer.Precision == Precision.Float32));
        // What validated was the float32 network: scoring it again gives the same accuracy and loss.
        var metrics = _images.Context.MulticlassClassification.Evaluate(rounded.Transform(_images.View(30, seed: 2)));
        Assert.AreEqual(actual.ValidationLoss!.Value, metrics.LogLoss, 1e-4);

        NetworkTransformer Fit(Precision precision)
        {
            if (architecture == "resnet")
                return _images
                    .Context.Vision.NoisyResNet(
                        Set(
                            new NoisyResNetTrainer.Options
                            {
                                Network = new()
                                {
                                    ImageSize = 6,
                                    Channels = 1,
                                    Width = 4,
                                },
                            },
                            precision
                        )
                    )
                    .Fit(_images.View(60));
            return _images
                .Context.Vision.AllCnn(
                    Set(
                        new AllCnnTrainer.Options
                        {
                            Network = new()
                            {
                                ImageSize = 6,
                                Channels = 1,
                                Widths = [4, 6],
                            },
                        },
                        precision
                    )
                )
                .Fit(_images.View(60));
        }

        T Set<T>(T options, Precision precision)
            where T : TrainingOptions
        {
            (options.MaxEpoch, options.BatchSize, options.Seed, options.ThreadCount, options.Precision) = (1, 16, 7, 1, precision);
            options.ValidationSet = _images.View(30, seed: 2);
            return options;
        }
    }

    /// <summary>The norm of the difference over the norm of what is expected.</summary>
    static double RelativeDistance(Tensor expected, Tensor actual)
    {
        using var gradients = no_grad();
        return (expected - actual).norm().item<float>() / expected.norm().item<float>();
    }

    [TestMethod]
    public void Training_in_bfloat16_follows_float32_and_delivers_a_float32_network()
    {
        if (PrecisionSupport.ReasonOnProcessor() is { } reason)
        {
            var options = _images.Options();
            options.Precision = Precision.Bfloat16;
            Assert.Contains(
                reason,
                Assert.Throws<NotSupportedException>(() => _images.Context.Vision.NoisyViT(options).Fit(_images.View(30))).Message
            );
            return;
        }

        var (single, _) = Losses(Precision.Float32);
        var (rounded, network) = Losses(Precision.Bfloat16);
        Assert.HasCount(10, single);
        Assert.IsLessThan(1e-2, single.Zip(rounded, (one, other) => Math.Abs(one - other)).Max());
        Assert.IsFalse(single.SequenceEqual(rounded));
        Assert.IsTrue(network.modules().OfType<IMixedPrecision>().All(layer => layer.Precision == Precision.Float32));

        (List<double> Losses, Classifier Network) Losses(Precision precision)
        {
            var options = _images.Options(epochs: 2);
            (options.Precision, options.LogEverySteps) = (precision, 1);
            // The mean over an epoch would hide a step, so the steps between are taken.
            var losses = new List<double>();
            options.MetricsCallback = report => losses.Add(report.Loss);
            var model = _images.Context.Vision.NoisyViT(options).Fit(_images.View(80));
            return (losses, model.Network);
        }
    }
}
