using System.Text.Json;
using Google.Protobuf;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Tests.Onnx;

/// <summary>What stands in an exported file, read back from its bytes.</summary>
[TestClass]
public sealed class ExportedFileTests
{
    static readonly string[] _labels =
    [
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle \"boot\"",
    ];

    [TestMethod]
    public void File_declares_opset_17_and_pixels_in_and_scores_out_with_an_open_batch()
    {
        var model = Exported(RandomNetwork.Grey, new());

        Assert.AreEqual(8, model.IrVersion);
        Assert.AreEqual((17L, ""), (model.OpsetImport.Single().Version, model.OpsetImport.Single().Domain));
        CollectionAssert.AreEqual(new[] { "Pixels [N, 1, 12, 12]" }, model.Graph.Input.Select(Described).ToArray());
        CollectionAssert.AreEqual(
            new[] { "Score [N, 10]", "Logits [N, 10]", "ClassToken [N, 16]" },
            model.Graph.Output.Select(Described).ToArray()
        );
    }

    [TestMethod]
    public void Weights_stand_in_the_file_under_their_own_names_and_with_their_own_values()
    {
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        var initializers = Exported(network, new()).Graph.Initializer.ToDictionary(tensor => tensor.Name);

        var expected = network.state_dict()["patch_embed.proj.weight"];
        CollectionAssert.AreEqual(expected.shape, initializers["patch_embed.proj.weight"].Dims.ToArray());
        CollectionAssert.AreEqual(expected.bytes.ToArray(), initializers["patch_embed.proj.weight"].RawData.ToByteArray());
        foreach (
            var name in (string[])["cls_token", "pos_embed", "blocks.0.norm1.weight", "blocks.1.mlp.fc2.bias", "norm.bias", "head.bias"]
        )
            Assert.IsTrue(initializers.ContainsKey(name), name);
    }

    [TestMethod]
    public void Equal_constants_are_stored_once()
    {
        var names = Exported(RandomNetwork.Grey, new()).Graph.Initializer.Select(tensor => tensor.Name).ToList();

        CollectionAssert.AllItemsAreUnique(names);
        // Two blocks, one square root of two: the GELU's.
        Assert.AreEqual(1, names.Count(name => name.StartsWith("constant/1.414", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Only_the_class_token_is_computed_in_the_last_block()
    {
        var nodes = Exported(RandomNetwork.Grey, new()).Graph.Node;

        Assert.IsFalse(nodes.Any(node => node.Name.StartsWith("blocks.0/", StringComparison.Ordinal) && node.OpType == "Slice"));
        Assert.AreEqual(2, nodes.Count(node => node.Name.StartsWith("blocks.1/", StringComparison.Ordinal) && node.OpType == "Slice"));
    }

    [TestMethod]
    public void Equal_weights_give_equal_bytes()
    {
        using var folder = new TemporaryFolder();
        using (var network = RandomNetwork.Create(RandomNetwork.Grey, seed: 5))
            OnnxExporter.Export(network, new() { Labels = _labels }, folder["first.onnx"]);
        using (var network = RandomNetwork.Create(RandomNetwork.Grey, seed: 5))
            OnnxExporter.Export(network, new() { Labels = _labels }, folder["second.onnx"]);

        CollectionAssert.AreEqual(File.ReadAllBytes(folder["first.onnx"]), File.ReadAllBytes(folder["second.onnx"]));
    }

    [TestMethod]
    public void Metadata_tell_labels_normalisation_pixels_and_data_set()
    {
        var metadata = Metadata(
            Exported(
                RandomNetwork.Grey,
                new()
                {
                    Labels = _labels,
                    TrainManifestSha256 = "ab12",
                    Metadata = new Dictionary<string, string> { ["model_author"] = "somebody" },
                }
            )
        );

        CollectionAssert.AreEqual(_labels, JsonSerializer.Deserialize<string[]>(metadata["noisy.labels"]));
        Assert.AreEqual("[0.3]", metadata["noisy.mean"]);
        Assert.AreEqual("[0.35]", metadata["noisy.std"]);
        Assert.AreEqual("ab12", metadata["noisy.train_manifest_sha256"]);
        Assert.AreEqual("Gray8", metadata["Image.BitmapPixelFormat"]);
        Assert.AreEqual("NominalRange_0_255", metadata["Image.NominalPixelRange"]);
        Assert.AreEqual("somebody", metadata["model_author"]);
    }

    [TestMethod]
    public void Metadata_tell_the_noise_of_the_training_and_that_there_is_none_in_the_file()
    {
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        network.SetLatentNoise(new(new CircularShiftNoise(0.3, MixAxis.Tokens), NoiseSite.BlockInput, Layer: 1));
        var metadata = Metadata(Exported(network, new() { InputNoise = new GaussianNoise(25) }));

        using var noise = JsonDocument.Parse(metadata["noisy.noise_spec"]);
        Assert.AreEqual("gaussian", noise.RootElement.GetProperty("input").GetProperty("name").GetString());
        Assert.AreEqual(25, noise.RootElement.GetProperty("input").GetProperty("standardDeviation").GetDouble());
        var latent = noise.RootElement.GetProperty("latent");
        Assert.AreEqual("circular-shift", latent.GetProperty("noise").GetProperty("name").GetString());
        Assert.AreEqual(0.3, latent.GetProperty("noise").GetProperty("strength").GetDouble());
        Assert.AreEqual("block-input", latent.GetProperty("site").GetString());
        Assert.AreEqual(1, latent.GetProperty("layer").GetInt32());
        Assert.AreEqual("tokens", metadata["noisy.mix_axis"]);
        Assert.AreEqual("none", metadata["noisy.eval_noise"]);
    }

    [TestMethod]
    public void Result_names_the_file_and_counts_the_parameters()
    {
        using var folder = new TemporaryFolder();
        using var network = RandomNetwork.Create(RandomNetwork.Colour);
        var path = folder["deeper/still/model.onnx"];

        var result = OnnxExporter.Export(network, new(), path);

        Assert.AreEqual(path, result.Path);
        Assert.AreEqual(17, result.Opset);
        // Patches 12·3·64+12, class token 12, positions 5·12, one block of 2·24 + 36·12+36 + 12·12+12 + 48·12+48 + 12·48+12, norm 24, head
        // 3·12+3.
        Assert.AreEqual(12 * 192 + 12 + 12 + 60 + 48 + 468 + 156 + 624 + 588 + 24 + 39, result.ParameterCount);
        CollectionAssert.AreEqual(new[] { path }, Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    static ModelProto Exported(NoisyViTConfiguration configuration, OnnxExportOptions options)
    {
        using var network = RandomNetwork.Create(configuration);
        return Exported(network, options);
    }

    static ModelProto Exported(NoisyViT network, OnnxExportOptions options)
    {
        using var folder = new TemporaryFolder();
        OnnxExporter.Export(network, options, folder["model.onnx"]);
        return ModelProto.Parser.ParseFrom(File.ReadAllBytes(folder["model.onnx"]));
    }

    static Dictionary<string, string> Metadata(ModelProto model) =>
        model.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);

    static string Described(ValueInfoProto value) =>
        $"{value.Name} [{string.Join(", ", value.Type.TensorType.Shape.Dim.Select(length => length.DimParam.Length > 0 ? length.DimParam : $"{length.DimValue}"))}]";
}
