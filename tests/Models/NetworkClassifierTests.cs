using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Models;

[TestClass]
public class NetworkClassifierTests
{
    [TestMethod]
    public void It_classifies_exactly_the_rows_given_as_one_batch()
    {
        using var network = TinyNetwork.Create();
        network.SetLatentNoise(LatentNoisePlacement.ReleasedNoisyViT);
        var pixels = TinyNetwork.Pixels(network, 5);
        var classifier = new NetworkClassifier(network);
        var logits = new float[5 * classifier.ClassCount];
        classifier.Classify(pixels, 3, logits);
        var expected = TinyNetwork.Logits(network, pixels.AsSpan(0, 3 * network.InputLength));
        Assert.AreEqual(0, TinyNetwork.LargestDifference(expected, logits));
        Assert.IsTrue(logits.Skip(expected.Length).All(value => value == 0));
    }

    [TestMethod]
    public void It_works_in_inference_mode_even_after_training_mode_and_without_gradients()
    {
        using var network = TinyNetwork.Create(TinyNetwork.Configuration with { DropoutRate = 0.9 });
        var pixels = TinyNetwork.Pixels(network, 2);
        var clean = TinyNetwork.Logits(network, pixels);
        var classifier = new NetworkClassifier(network);
        network.train();
        var logits = new float[clean.Length];
        classifier.Classify(pixels, 2, logits);
        Assert.AreEqual(0, TinyNetwork.LargestDifference(clean, logits));
        Assert.IsTrue(network.parameters().All(parameter => parameter.grad is null));
    }

    [TestMethod]
    public void It_leaves_no_tensor_behind()
    {
        using var network = TinyNetwork.Create();
        var classifier = new NetworkClassifier(network);
        var (pixels, logits) = (TinyNetwork.Pixels(network, 4), new float[16]);
        classifier.Classify(pixels, 4, logits);
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var call = 0; call < 20; call++)
            classifier.Classify(pixels, 4, logits);
        Assert.AreEqual(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void Buffers_that_are_too_short_are_refused()
    {
        using var network = TinyNetwork.Create();
        var classifier = new NetworkClassifier(network);
        var pixels = TinyNetwork.Pixels(network, 2);
        Assert.Contains(
            "3 rows of 72 values",
            Assert.Throws<ArgumentException>(() => classifier.Classify(pixels, 3, new float[12])).Message
        );
        Assert.Contains("2 rows of 4 logits", Assert.Throws<ArgumentException>(() => classifier.Classify(pixels, 2, new float[7])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => classifier.Classify(pixels, 0, new float[7]));
    }
}
