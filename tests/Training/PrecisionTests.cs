using NoisyNN.Models.Architectures;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Training;
using NoisyNN.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Training;

[TestClass]
public class PrecisionTests
{
    private readonly PlantedImages _images = new();

    [TestMethod]
    public void Bfloat16_products_give_nearly_the_logits_and_gradients_of_float32_in_float32_tensors()
    {
        using var network = TinyNetwork.Create();
        using var pixels = tensor(TinyNetwork.Pixels(network, 5)).reshape(5, network.Channels, network.Height, network.Width);
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
            Assert.IsLessThan(0.05f * exactGradients[name].abs().max().item<float>() + 0.05f, (exactGradients[name] - gradient).abs().max().item<float>(), name);
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
    public void Training_in_bfloat16_follows_float32_and_delivers_a_float32_network()
    {
        if (PrecisionSupport.ReasonOnProcessor() is { } reason)
        {
            var options = _images.Options();
            options.Precision = Precision.Bfloat16;
            Assert.Contains(reason, Assert.Throws<NotSupportedException>(() => _images.Context.Vision.NoisyViT(options).Fit(_images.View(30))).Message);
            return;
        }

        var (single, _) = Losses(Precision.Float32);
        var (rounded, network) = Losses(Precision.Bfloat16);
        Assert.HasCount(10, single);
        Assert.IsLessThan(1e-2, single.Zip(rounded, (one, other) => Math.Abs(one - other)).Max());
        Assert.IsFalse(single.SequenceEqual(rounded));
        Assert.IsTrue(network.modules().OfType<IMixedPrecision>().All(layer => layer.Precision == Precision.Float32));

        (List<double> Losses, ImageClassifier Network) Losses(Precision precision)
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
