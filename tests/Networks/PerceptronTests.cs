using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.FullyConnected;
using NoisyNN.Tests.Cli;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Networks;

[TestClass]
public sealed class PerceptronTests
{
    [TestMethod]
    public void It_has_as_many_parameters_as_its_sizes_say_and_a_layer_for_each_width()
    {
        using var scope = NewDisposeScope();
        using var network = new PerceptronConfiguration { ClassCount = 10 }.Create();

        // 784-512-64-10: 785 x 512 + 513 x 64 + 65 x 10.
        Assert.AreEqual(435_402, network.ParameterCount);
        Assert.AreEqual(435_402, network.Configuration.ParameterCount);
        CollectionAssert.AreEqual((string[])["block.0", "hidden", "logits"], network.Layers.ToArray());
        var pixels = rand(3, 1, 28, 28) * 255;
        Assert.AreSequenceEqual([3L, 512], network.Activations(pixels, "block.0").shape);
        Assert.AreSequenceEqual([3L, 64], network.Activations(pixels, "hidden").shape);
        Assert.AreSequenceEqual([3L, 10], network.call(pixels).shape);
        Assert.IsTrue(network.Activations(pixels, "block.0").min().item<float>() >= 0);
    }

    [TestMethod]
    public void Its_file_scores_as_the_network_does()
    {
        using var folder = new TemporaryFolder();
        // The export compares the file with the network before the file gets its name.
        var run = TestTerminal.Run("export", "--network", "perceptron-28", "--random-weights", "--out", folder["perceptron.onnx"]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.IsTrue(File.Exists(folder["perceptron.onnx"]));
    }

    [TestMethod]
    public void Hidden_layers_without_units_are_refused()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new PerceptronConfiguration { ClassCount = 2, Widths = [] }.Create()).Message,
            "Widths is empty"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new PerceptronConfiguration { ClassCount = 2, Widths = [8, 0] }.Create()).Message,
            "at least one unit"
        );
    }
}
