using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Prediction;
using NoisyNN.Models.Weights;
using NoisyNN.Tests.Models;
using NoisyNN.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Weights;

/// <summary>Weights from planted files: the arrays of one random network under the names of several sources, loaded into another.</summary>
[TestClass]
public sealed class PretrainedWeightsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly DisposeScope _scope = NewDisposeScope();

    [TestMethod]
    public void Timms_names_are_ours_and_every_bit_arrives()
    {
        using var source = TinyNetwork.Create();
        using var network = new NoisyViT(TinyNetwork.Configuration);
        var report = PretrainedWeights.Load(network, Write(source.state_dict()));
        AssertEqual(source.state_dict(), network.state_dict());
        Assert.AreEqual("timm", report.Names);
        Assert.HasCount(source.state_dict().Count, report.Loaded);
        Assert.IsEmpty([.. report.Adapted, .. report.Skipped, .. report.Missing]);
    }

    [TestMethod]
    [DataRow("vit.")]
    [DataRow("")]
    public void Hugging_Face_keeps_queries_keys_and_values_apart(string prefix)
    {
        using var source = TinyNetwork.Create();
        using var network = new NoisyViT(TinyNetwork.Configuration);
        var report = PretrainedWeights.Load(
            network,
            Write(new(HuggingFaceNames.Of(source, prefix)) { ["pooler.dense.weight"] = ones(2, 2) })
        );
        AssertEqual(source.state_dict(), network.state_dict());
        Assert.AreEqual("Hugging Face", report.Names);
        Assert.IsEmpty(report.Missing);
        Assert.AreSequenceEqual(["pooler.dense.weight (the network has no such array)"], report.Skipped);
    }

    [TestMethod]
    public void Torchvisions_names_are_ours_and_a_head_for_other_classes_is_left()
    {
        using var source = new NoisyResNet(NoisyResNetTests.Tiny with { ClassCount = 1000 });
        RandomWeights.Fill(source);
        var arrays = source.state_dict();
        // Older files have no count of batches.
        foreach (var counter in arrays.Keys.Where(name => name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToList())
            arrays.Remove(counter);
        using var network = new NoisyResNet(NoisyResNetTests.Tiny);
        var head = network.state_dict()["fc.weight"].clone();

        var report = PretrainedWeights.Load(network, Write(arrays));

        AssertEqual(arrays.Where(entry => !entry.Key.StartsWith("fc.", StringComparison.Ordinal)), network.state_dict());
        AssertEqual([new("fc.weight", head)], network.state_dict());
        Assert.AreEqual("torchvision", report.Names);
        Assert.AreSequenceEqual(
            ["fc.weight (1000 classes, the network has 3)", "fc.bias (1000 classes, the network has 3)"],
            report.Skipped
        );
        Assert.HasCount(2 + 20, report.Missing);
        StringAssert.Contains(report.ToString(), "missing");
    }

    [TestMethod]
    [DataRow(12)]
    [DataRow(4)]
    public void Positions_are_resampled_to_the_networks_grid_by_cubic_convolution(int imageSize)
    {
        // From 3 x 3 patches to 6 x 6 or 2 x 2, against the interpolation written out (Keys, 1981, with a = -0.75 and repeated borders).
        using var source = TinyNetwork.Create();
        using var network = new NoisyViT(TinyNetwork.Configuration with { ImageSize = imageSize });
        var report = PretrainedWeights.Load(network, Write(source.state_dict()));

        var (from, to) = (source.state_dict()["pos_embed"], network.state_dict()["pos_embed"]);
        var size = imageSize / 2;
        Assert.AreSequenceEqual([$"pos_embed (resampled from 10 to {size * size + 1} tokens)"], report.Adapted);
        for (var feature = 0; feature < 12; feature++)
        {
            Assert.AreEqual(from[0, 0, feature].item<float>(), to[0, 0, feature].item<float>());
            for (var row = 0; row < size; row++)
            for (var column = 0; column < size; column++)
                Assert.AreEqual(
                    Interpolate(feature, (row + .5) * 3 / size - .5, (column + .5) * 3 / size - .5),
                    to[0, 1 + row * size + column, feature].item<float>(),
                    1e-5
                );
        }

        double Interpolate(int feature, double y, double x)
        {
            var sum = 0.0;
            for (var i = (int)Math.Floor(y) - 1; i <= Math.Floor(y) + 2; i++)
            for (var j = (int)Math.Floor(x) - 1; j <= Math.Floor(x) + 2; j++)
                sum += Cubic(y - i) * Cubic(x - j) * from[0, 1 + Math.Clamp(i, 0, 2) * 3 + Math.Clamp(j, 0, 2), feature].item<float>();
            return sum;
        }

        static double Cubic(double distance)
        {
            var d = Math.Abs(distance);
            return d <= 1 ? (1.25 * d - 2.25) * d * d + 1
                : d < 2 ? ((-.75 * d + 3.75) * d - 6) * d + 3
                : 0;
        }
    }

    [TestMethod]
    public void Colours_are_summed_for_a_grey_network()
    {
        using var source = TinyNetwork.Create();
        using var network = new NoisyViT(TinyNetwork.Configuration with { Channels = 1, Mean = [0.5], StandardDeviation = [0.5] });
        var report = PretrainedWeights.Load(network, Write(source.state_dict()));
        Assert.AreSequenceEqual(["patch_embed.proj.weight (2 colours summed to grey)"], report.Adapted);
        var colours = source.state_dict()["patch_embed.proj.weight"];
        var grey = network.state_dict()["patch_embed.proj.weight"];
        Assert.AreEqual(colours[5, 0, 1, 0].item<float>() + colours[5, 1, 1, 0].item<float>(), grey[5, 0, 1, 0].item<float>(), 1e-6f);
    }

    [TestMethod]
    public void Half_precision_is_widened()
    {
        using var source = TinyNetwork.Create();
        using var network = new NoisyViT(TinyNetwork.Configuration);
        PretrainedWeights.Load(
            network,
            Write(source.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.to_type(ScalarType.Float16)))
        );
        AssertEqual(
            source
                .state_dict()
                .Select(entry => KeyValuePair.Create(entry.Key, entry.Value.to_type(ScalarType.Float16).to_type(ScalarType.Float32))),
            network.state_dict()
        );
    }

    [TestMethod]
    public void A_file_of_other_sizes_is_refused_and_nothing_of_it_is_loaded()
    {
        using var source = TinyNetwork.Create(TinyNetwork.Configuration with { MlpDimension = 24 });
        using var network = TinyNetwork.Create();
        var before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var path = Write(source.state_dict());
        var message = Assert.Throws<InvalidDataException>(() => PretrainedWeights.Load(network, path)).Message;
        foreach (var part in new[] { path, "blocks.0.mlp.fc1.weight", "[24, 12]", "[20, 12]" })
            StringAssert.Contains(message, part);
        AssertEqual(before, network.state_dict());
    }

    [TestMethod]
    public void A_file_of_something_else_is_refused_with_examples_of_its_names()
    {
        using var network = TinyNetwork.Create();
        var path = Write(new() { ["encoder.weight"] = ones(2, 2) });
        StringAssert.Contains(Assert.Throws<InvalidDataException>(() => PretrainedWeights.Load(network, path)).Message, "encoder.weight");
        StringAssert.Contains(
            Assert.Throws<FileNotFoundException>(() => PretrainedWeights.Load(network, _folder["no-such-file"])).Message,
            "no-such-file"
        );
        // Two extra tokens, as distilled networks have them, and a grid that is no square.
        var arrays = network.state_dict();
        arrays["pos_embed"] = randn(1, 11, 12);
        StringAssert.Contains(
            Assert.Throws<InvalidDataException>(() => PretrainedWeights.Load(network, Write(arrays))).Message,
            "pos_embed"
        );
    }

    [TestMethod]
    public void A_file_that_leaves_a_part_of_the_body_random_is_refused_by_name()
    {
        using var network = TinyNetwork.Create();
        var before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        using var source = TinyNetwork.Create();
        var arrays = source.state_dict();
        arrays["blocks.1.mlp.fcl.weight"] = arrays["blocks.1.mlp.fc1.weight"];
        arrays.Remove("blocks.1.mlp.fc1.weight");
        var path = Write(arrays);

        var message = Assert.Throws<InvalidDataException>(() => PretrainedWeights.Load(network, path)).Message;

        StringAssert.Contains(message, $"it has nothing for 1 of {arrays.Count} arrays, such as blocks.1.mlp.fc1.weight");
        AssertEqual(before, network.state_dict());
        var report = PretrainedWeights.Load(network, path, allowPartial: true);
        Assert.AreSequenceEqual(["blocks.1.mlp.fc1.weight"], report.Missing);
        Assert.AreEqual(
            $"{arrays.Count - 1} of {arrays.Count} arrays from {Path.GetFileName(path)} (timm names); 1 array of the file not used",
            report.Coverage
        );
    }

    [TestMethod]
    public void A_deeper_network_and_a_head_alone_are_refused()
    {
        using var deeper = TinyNetwork.Create(TinyNetwork.Configuration with { Depth = TinyNetwork.Configuration.Depth + 1 });
        using var network = TinyNetwork.Create();
        var head = network.state_dict().Where(entry => entry.Key.StartsWith("head.", StringComparison.Ordinal)).ToDictionary();

        StringAssert.Contains(
            Assert.Throws<InvalidDataException>(() => PretrainedWeights.Load(network, Write(deeper.state_dict()))).Message,
            $"The network has no place for 12 arrays of the file, such as blocks.{TinyNetwork.Configuration.Depth}.attn.proj.bias"
        );
        StringAssert.Contains(
            Assert.Throws<InvalidDataException>(() => PretrainedWeights.Load(network, Write(head))).Message,
            "it has nothing for"
        );
    }

    [TestMethod]
    [DataRow("module.")]
    [DataRow("_orig_mod.")]
    [DataRow("module._orig_mod.")]
    public void What_a_wrapper_of_PyTorch_puts_before_all_names_is_taken_off(string prefix)
    {
        using var source = TinyNetwork.Create();
        using var network = new NoisyViT(TinyNetwork.Configuration);

        PretrainedWeights.Load(network, Write(source.state_dict().ToDictionary(entry => prefix + entry.Key, entry => entry.Value)));

        AssertEqual(source.state_dict(), network.state_dict());
    }

    [TestMethod]
    public void A_trainer_begins_with_the_weights_of_a_file_and_reports_them()
    {
        var images = new PlantedImages();
        using var source = TinyNetwork.Create(PlantedImages.Network with { ClassCount = 5 });
        var options = images.Options(epochs: 1);
        options.PretrainedPath = Write(source.state_dict());
        options.LearningRate = 1e-12;
        var log = new List<string>();
        images.Context.Log += (_, line) =>
        {
            lock (log)
                log.Add(line.Message);
        };

        using var model = images.Context.Vision.NoisyViT(options).Fit(images.View(16));

        Assert.AreSequenceEqual(["head.weight", "head.bias"], model.Training.Pretrained!.Missing);
        Assert.IsTrue(log.Any(line => line.Contains(options.PretrainedPath) && line.Contains("5 classes, the network has 3")));
        var (expected, actual) = (source.state_dict()["blocks.1.mlp.fc1.weight"], model.Network.state_dict()["blocks.1.mlp.fc1.weight"]);
        Assert.IsLessThan(1e-6f, (expected - actual).abs().max().item<float>());

        options.PretrainedPath = _folder["no-such-file"];
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => images.Context.Vision.NoisyViT(options)).Message, "no-such-file");
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    string Write(Dictionary<string, Tensor> arrays)
    {
        var path = _folder[$"{Guid.NewGuid():N}.safetensors"];
        using var stream = File.Create(path);
        Safetensors.Write(stream, [.. arrays]);
        return path;
    }

    static void AssertEqual(IEnumerable<KeyValuePair<string, Tensor>> expected, Dictionary<string, Tensor> actual)
    {
        foreach (var (name, value) in expected)
            Assert.IsTrue(value.eq(actual[name]).all().item<bool>(), name);
    }
}
