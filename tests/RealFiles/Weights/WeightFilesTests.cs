using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Weights;
using NoisyNN.Tests.Models;
using NoisyNN.Tests.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.RealFiles.Weights;

/// <summary>Files of weights as other libraries write them: read as a whole, or refused with what the file looks like.</summary>
[TestClass]
public sealed class WeightFilesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly DisposeScope _scope = NewDisposeScope();
    readonly NoisyViT _source = TinyNetwork.Create();
    readonly NoisyViT _network = new(TinyNetwork.Configuration);

    [TestMethod]
    [DataRow("backbone.")]
    [DataRow("model.backbone.")]
    public void A_prefix_on_all_names_but_the_heads_is_taken_off(string prefix)
    {
        var arrays = Arrays().ToDictionary(array => array.Key.StartsWith("head.") ? array.Key : prefix + array.Key, array => array.Value);

        var report = PretrainedWeights.Load(_network, Write(arrays));

        Assert.HasCount(arrays.Count, report.Loaded);
        AssertLoaded();
    }

    [TestMethod]
    public void Deits_names_of_Hugging_Face_are_read_and_its_distilled_networks_refused()
    {
        var arrays = HuggingFaceNames.Of(_source, "deit.");
        PretrainedWeights.Load(_network, Write(arrays));
        AssertLoaded();

        arrays["deit.embeddings.distillation_token"] = ones(1, 1, 12);
        arrays["deit.embeddings.position_embeddings"] = ones(1, 11, 12);
        AssertRefused(arrays, "It looks like a distilled vision transformer (DeiT)", "[1, 11, 12]");
    }

    [TestMethod]
    public void A_prefix_that_would_make_two_names_equal_stays()
    {
        var arrays = Arrays();
        arrays["backbone.head.weight"] = arrays["head.weight"] + 1;

        // The network is whole, and the second head has no place.
        var report = PretrainedWeights.Load(_network, Write(arrays));

        Assert.AreSequenceEqual(["backbone.head.weight (the network has no such array)"], report.Skipped);
        AssertLoaded();
    }

    [TestMethod]
    [DataRow("DINOv2", "It looks like a vision transformer with LayerScale, such as DINOv2, DeiT III or CaiT, of 3 blocks.")]
    [DataRow("BEiT", "It looks like a transformer with relative positions, such as BEiT or Swin, of 3 blocks.")]
    public void Blocks_of_another_transformer_with_Hugging_Faces_names_are_refused(string kind, string looks)
    {
        var arrays = HuggingFaceNames.Of(_source, kind == "BEiT" ? "beit." : "");
        for (var block = 0; block < 2; block++)
            if (kind == "DINOv2")
                arrays[$"encoder.layer.{block}.layer_scale1.lambda1"] = ones(12);

        AssertRefused(arrays, looks);
    }

    [TestMethod]
    [DataRow("blocks.#.ls1.gamma", "LayerScale", "The network has no place for 2 arrays of the file, such as blocks.0.ls1.gamma")]
    [DataRow("blocks.#.attn.q_norm.weight", "a vision transformer with timm's names", "blocks.0.attn.q_norm.weight")]
    public void An_array_that_would_change_what_a_block_computes_is_refused(string name, string looks, string reason)
    {
        var arrays = Arrays();
        for (var block = 0; block < 2; block++)
            arrays[name.Replace("#", $"{block}", StringComparison.Ordinal)] = full([12], 1e-5f);

        AssertRefused(arrays, looks, reason);
    }

    [TestMethod]
    public void Gated_blocks_and_blocks_without_biases_are_refused()
    {
        var gated = Arrays();
        foreach (var name in gated.Keys.Where(name => name.Contains(".mlp.fc1.")).ToList())
        {
            gated[name.Replace("fc1", "fc1_g", StringComparison.Ordinal)] = gated[name];
            gated.Remove(name);
        }
        AssertRefused(gated, "It looks like a vision transformer with gated blocks (SwiGLU), such as EVA-02 or DINOv2 giant, of 3 blocks.");

        AssertRefused(
            Arrays().Where(array => !array.Key.EndsWith("qkv.bias")).ToDictionary(),
            $"it has nothing for 3 of {Arrays().Count} arrays, such as blocks.0.attn.qkv.bias"
        );
    }

    [TestMethod]
    public void A_ResNet_with_squeeze_and_excitation_or_in_the_place_of_a_transformer_is_refused()
    {
        using var plain = new NoisyResNet(NoisyResNetTests.Tiny);
        var arrays = plain.state_dict();
        AssertRefused(arrays, "It looks like a ResNet");

        arrays["layer1.0.se.fc1.weight"] = ones(2, 2, 1, 1);
        var message = Assert
            .ThrowsExactly<InvalidDataException>(() => PretrainedWeights.Load(new NoisyResNet(NoisyResNetTests.Tiny), Write(arrays)))
            .Message;
        Assert.Contains("It looks like a ResNet with squeeze and excitation", message);
        Assert.Contains("no place for 1 arrays of the file, such as layer1.0.se.fc1.weight", message);
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void A_value_that_is_not_finite_is_refused_by_name(float value)
    {
        var arrays = Arrays();
        var damaged = arrays["blocks.1.mlp.fc2.weight"].clone();
        damaged[3, 5] = value;
        arrays["blocks.1.mlp.fc2.weight"] = damaged;

        AssertRefused(arrays, "1 of the 240 values of 'blocks.1.mlp.fc2.weight' are not finite");
        // Also where a part is loaded on purpose.
        Assert.ThrowsExactly<InvalidDataException>(() => PretrainedWeights.Load(_network, Write(arrays), allowPartial: true));
    }

    [TestMethod]
    public void Doubles_beyond_a_float_and_whole_numbers_are_refused_by_name()
    {
        var arrays = Arrays();
        arrays["norm.bias"] = full([12], 1e300, ScalarType.Float64);
        AssertRefused(arrays, "12 of the 12 values of 'norm.bias' are not finite");

        arrays["norm.bias"] = ones(12, ScalarType.Int8);
        AssertRefused(arrays, "whole numbers (Int8) in 'norm.bias', as quantized files have");
    }

    public void Dispose()
    {
        _source.Dispose();
        _network.Dispose();
        _scope.Dispose();
        _folder.Dispose();
    }

    Dictionary<string, Tensor> Arrays() => _source.state_dict();

    void AssertLoaded()
    {
        var loaded = _network.state_dict();
        foreach (var (name, value) in Arrays())
            Assert.IsTrue(value.eq(loaded[name]).all().item<bool>(), name);
    }

    /// <summary>The file is refused with its name and these parts of a message, and the network stays as it was.</summary>
    void AssertRefused(Dictionary<string, Tensor> arrays, params string[] parts)
    {
        var path = Write(arrays);
        var before = _network.state_dict().ToDictionary(array => array.Key, array => array.Value.clone());

        var message = Assert.ThrowsExactly<InvalidDataException>(() => PretrainedWeights.Load(_network, path)).Message;

        foreach (var part in (string[])[path, .. parts])
            Assert.Contains(part, message);
        foreach (var (name, value) in _network.state_dict())
            Assert.IsTrue(value.eq(before[name]).all().item<bool>(), name);
    }

    string Write(Dictionary<string, Tensor> arrays)
    {
        var path = _folder[$"{Guid.NewGuid():N}.safetensors"];
        using var stream = File.Create(path);
        Safetensors.Write(stream, [.. arrays]);
        return path;
    }
}
