using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Onnx;

/// <summary>What is not exported, and what is left on disk then.</summary>
[TestClass]
public sealed class ExportRefusalTests
{
    [TestMethod]
    public void Network_that_does_not_give_numbers_leaves_no_file_and_keeps_the_old_one()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        OnnxExporter.Export(network, new(), folder["model.onnx"]);
        var before = File.ReadAllBytes(folder["model.onnx"]);
        using (no_grad())
            network.state_dict()["head.bias"].fill_(float.NaN);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => OnnxExporter.Export(network, new(), folder["model.onnx"]));

        StringAssert.Contains(error.Message, "differs from the network");
        CollectionAssert.AreEqual(new[] { folder["model.onnx"] }, Directory.GetFiles(folder.Path));
        CollectionAssert.AreEqual(before, File.ReadAllBytes(folder["model.onnx"]));
    }

    [TestMethod]
    public void Noise_at_inference_is_not_silently_left_out()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        network.SetLatentNoise(LatentNoisePlacement.ReleasedNoisyViT);

        var error = Assert.ThrowsExactly<NotSupportedException>(() => OnnxExporter.Export(network, new(), folder["model.onnx"]));

        StringAssert.Contains(error.Message, "SetLatentNoise(null)");
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void Labels_must_be_as_many_as_classes()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);

        var error = Assert.ThrowsExactly<ArgumentException>(() =>
            OnnxExporter.Export(network, new() { Labels = ["cat", "dog"] }, folder["model.onnx"])
        );

        StringAssert.Contains(error.Message, "2 labels were given for 10 classes");
    }

    [TestMethod]
    public void Validation_values_must_be_whole_rows()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Grey);

        var error = Assert.ThrowsExactly<ArgumentException>(() =>
            OnnxExporter.Export(network, new() { ValidationRows = new float[145] }, folder["model.onnx"])
        );

        StringAssert.Contains(error.Message, "145");
    }

    [TestMethod]
    public void Network_without_a_known_graph_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        using var network = new Brightness();

        var error = Assert.ThrowsExactly<NotSupportedException>(() => OnnxExporter.Export(network, new(), folder["model.onnx"]));

        StringAssert.Contains(error.Message, nameof(Brightness));
    }

    sealed record BrightnessConfiguration : ImageNetworkConfiguration
    {
        public override string Architecture => "brightness";

        public override long ParameterCount => 0;

        public override string Summary => "the sum of all pixels";

        public override ImageClassifier Create() => new Brightness();
    }

    sealed class Brightness() : ImageClassifier(nameof(Brightness), new BrightnessConfiguration { ImageSize = 2, ClassCount = 1 })
    {
        public override Tensor features(Tensor rows) => rows.reshape(-1, 4);

        public override Tensor forward(Tensor pixels) => features(pixels).sum(1, keepdim: true);
    }
}
