using Microsoft.ML.OnnxRuntime;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Models.Weights;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Onnx;

/// <summary>A residual network's file, run by ONNX Runtime, gives what the network gives.</summary>
[TestClass]
public sealed class ResNetExportTests
{
    static readonly NoisyResNetConfiguration Tiny = new()
    {
        ImageSize = 12,
        Channels = 3,
        ClassCount = 5,
        Width = 4,
        Mean = ImageNet.Mean,
        StandardDeviation = ImageNet.StandardDeviation,
    };

    [TestMethod]
    [DataRow(18, ResNetStem.Small)]
    [DataRow(34, ResNetStem.ImageNet)]
    [DataRow(50, ResNetStem.Small)]
    public void Network_and_file_agree_on_every_batch_size(int depth, ResNetStem stem)
    {
        using var folder = new TemporaryFolder();
        using var network = Create(Tiny with { Depth = depth, Stem = stem, ImageSize = stem is ResNetStem.Small ? 12 : 40 });
        var result = OnnxExporter.Export(network, new(), folder["model.onnx"]);
        Assert.IsLessThanOrEqualTo(1e-4, result.MaxAbsDifference);
        Assert.AreEqual(network.ParameterCount, result.ParameterCount);

        using var session = new InferenceSession(folder["model.onnx"]);
        CollectionAssert.AreEquivalent(new[] { "Score", "Logits", "Features" }, session.OutputMetadata.Keys.ToArray());
        foreach (var batch in new[] { 1, 2, 7, 64 })
        {
            var pixels = RandomNetwork.Pixels(network, batch, seed: 3);
            var logits = RandomNetwork.Logits(network, pixels);
            AssertClose(logits, Run(session, pixels, [batch, 3, network.Height, network.Width], "Logits"));
            AssertClose(
                RandomNetwork.Features(network, pixels),
                Run(session, pixels, [batch, 3, network.Height, network.Width], "Features")
            );
            Assert.IsGreaterThan(1e-3f, logits.Max() - logits.Min());
        }
    }

    [TestMethod]
    public void A_file_for_any_image_size_takes_any()
    {
        using var folder = new TemporaryFolder();
        using var network = Create(Tiny);
        OnnxExporter.Export(network, new() { AnyImageSize = true }, folder["model.onnx"]);
        using var session = new InferenceSession(folder["model.onnx"]);
        CollectionAssert.AreEqual(new[] { -1, 3, -1, -1 }, session.InputMetadata["Pixels"].Dimensions);
        foreach (var (height, width) in new[] { (12, 12), (9, 31), (33, 8) })
        {
            float[] pixels = [.. Enumerable.Range(0, 3 * height * width).Select(index => (float)(index * 7 % 256))];
            using var gradients = no_grad();
            using var scope = NewDisposeScope();
            var expected = network.call(tensor(pixels).reshape(1, 3, height, width)).data<float>().ToArray();
            AssertClose(expected, Run(session, pixels, [1, 3, height, width], "Logits"));
        }

        using var transformer = RandomNetwork.Create(RandomNetwork.Grey);
        var refusal = Assert.Throws<NotSupportedException>(() =>
            OnnxExporter.Export(transformer, new() { AnyImageSize = true }, folder["other.onnx"])
        );
        StringAssert.Contains(refusal.Message, "12 x 12");
    }

    static NoisyResNet Create(NoisyResNetConfiguration configuration)
    {
        manual_seed(2);
        var network = new NoisyResNet(configuration);
        RandomWeights.Fill(network);
        network.eval();
        return network;
    }

    static float[] Run(InferenceSession session, float[] pixels, long[] shape, string output)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, shape);
        using var options = new RunOptions();
        using var results = session.Run(options, ["Pixels"], [input], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    static void AssertClose(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var index = 0; index < expected.Length; index++)
            Assert.AreEqual(expected[index], actual[index], 1e-4, $"value {index}");
    }
}
