using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Models;

[TestClass]
public class NoisyViTTests
{
    [TestMethod]
    public void Transformers_have_the_published_numbers_of_parameters()
    {
        // timm's vit_{tiny,small,base,large}_patch16_224; positions alone tell 384 pixels from 224: 380 tokens more.
        Assert.AreEqual(5_717_416, NoisyViTConfiguration.Tiny().ParameterCount);
        Assert.AreEqual(22_050_664, NoisyViTConfiguration.Small().ParameterCount);
        Assert.AreEqual(86_567_656, NoisyViTConfiguration.Base().ParameterCount);
        Assert.AreEqual(304_326_632, NoisyViTConfiguration.Large().ParameterCount);
        Assert.AreEqual(304_326_632 + 380 * 1024, NoisyViTConfiguration.Large(imageSize: 384).ParameterCount);
    }

    [TestMethod]
    public void The_number_of_parameters_is_that_of_the_network_which_is_built()
    {
        foreach (
            var configuration in new[]
            {
                TinyNetwork.Configuration,
                NoisyViTConfiguration.Micro(),
                NoisyViTConfiguration.Micro(64, 3, 7),
                NoisyViTConfiguration.Tiny(),
            }
        )
        {
            using var network = new NoisyViT(configuration);
            Assert.AreEqual(network.ParameterCount, configuration.ParameterCount);
        }
    }

    [TestMethod]
    public void Weights_carry_timms_names_and_nothing_else_is_stored()
    {
        using var network = TinyNetwork.Create(TinyNetwork.Configuration with { Depth = 1 });
        string[] expected =
        [
            "blocks.0.attn.proj.bias",
            "blocks.0.attn.proj.weight",
            "blocks.0.attn.qkv.bias",
            "blocks.0.attn.qkv.weight",
            "blocks.0.mlp.fc1.bias",
            "blocks.0.mlp.fc1.weight",
            "blocks.0.mlp.fc2.bias",
            "blocks.0.mlp.fc2.weight",
            "blocks.0.norm1.bias",
            "blocks.0.norm1.weight",
            "blocks.0.norm2.bias",
            "blocks.0.norm2.weight",
            "cls_token",
            "head.bias",
            "head.weight",
            "norm.bias",
            "norm.weight",
            "patch_embed.proj.bias",
            "patch_embed.proj.weight",
            "pos_embed",
        ];
        Assert.AreSequenceEqual(expected, network.state_dict().Keys.Order(StringComparer.Ordinal));
        Assert.AreSequenceEqual([12L, 2, 2, 2], network.state_dict()["patch_embed.proj.weight"].shape);
        Assert.AreSequenceEqual([1L, 10, 12], network.state_dict()["pos_embed"].shape);
    }

    [TestMethod]
    public void Logits_agree_with_plain_arithmetic()
    {
        using var network = TinyNetwork.Create();
        var reference = new ReferenceViT(network);
        var pixels = TinyNetwork.Pixels(network, 3);
        var logits = TinyNetwork.Logits(network, pixels);
        for (var row = 0; row < 3; row++)
        {
            var expected = reference.Logits(pixels.AsSpan(row * network.InputLength, network.InputLength));
            for (var index = 0; index < expected.Length; index++)
                Assert.AreEqual(expected[index], logits[row * network.ClassCount + index], 1e-4);
        }
    }

    [TestMethod]
    public void An_image_has_the_same_logits_alone_and_in_a_batch()
    {
        using var network = TinyNetwork.Create();
        var pixels = TinyNetwork.Pixels(network, 16);
        var together = TinyNetwork.Logits(network, pixels);
        for (var row = 0; row < 16; row++)
        {
            var alone = TinyNetwork.Logits(network, pixels.AsSpan(row * network.InputLength, network.InputLength));
            Assert.IsLessThan(1e-5, TinyNetwork.LargestDifference(alone, together.Skip(row * network.ClassCount).Take(network.ClassCount)));
        }
    }

    [TestMethod]
    public void The_head_reads_the_features()
    {
        using var network = TinyNetwork.Create();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var pixels = tensor(TinyNetwork.Pixels(network, 2)).reshape(2, 2, 6, 6);
        var features = network.features(pixels);
        Assert.AreSequenceEqual([2L, 12], features.shape);
        var weights = network.state_dict();
        var expected = features.matmul(weights["head.weight"].transpose(0, 1)) + weights["head.bias"];
        Assert.IsLessThan(
            1e-5,
            TinyNetwork.LargestDifference(expected.data<float>().ToArray(), network.call(pixels).data<float>().ToArray())
        );
    }

    [TestMethod]
    public void A_block_that_computes_only_its_first_tokens_gives_them_the_same_values()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var block = new TransformerBlock(12, heads: 3, mlpDimension: 20, dropoutRate: 0);
        var tokens = randn(2, 7, 12);
        var all = block.call(tokens).narrow(1, 0, 2).contiguous();
        var first = block.forward(tokens, beforeAttention: null, afterAttention: null, queryCount: 2);
        Assert.IsLessThan(1e-5, TinyNetwork.LargestDifference(all.data<float>().ToArray(), first.contiguous().data<float>().ToArray()));
    }

    [TestMethod]
    public void Logits_and_gradients_are_the_same_with_our_attention_and_with_operators()
    {
        using var scope = NewDisposeScope();
        var ours = Pass(Precision.Float32, isFused: true);
        foreach (var (name, expected) in Pass(Precision.Float32, isFused: false))
            Assert.IsLessThan(1e-5f * expected.abs().max().item<float>(), (ours[name] - expected).abs().max().item<float>(), name);
    }

    [TestMethod]
    public void Logits_and_gradients_in_bfloat16_stay_near_those_in_float32_with_our_attention_as_with_operators()
    {
        using var scope = NewDisposeScope();
        var exact = Pass(Precision.Float32, isFused: false);
        var (ours, operators) = (Distance(isFused: true), Distance(isFused: false));
        Assert.IsGreaterThan(1e-3, operators);
        // Rounding in the other layers, which is not the same after different sums, moves both.
        Assert.IsLessThan(2 * operators, ours);

        double Distance(bool isFused) =>
            Pass(Precision.Bfloat16, isFused)
                .Average(entry => ((entry.Value - exact[entry.Key]).norm() / exact[entry.Key].norm()).item<float>());
    }

    static Dictionary<string, Tensor> Pass(Precision precision, bool isFused)
    {
        using var network = TinyNetwork.Create(NoisyViTConfiguration.Micro() with { Depth = 2 });
        network.SetPrecision(precision);
        network.train();
        foreach (var attention in network.modules().OfType<Attention>())
            attention.UsesFusedAttention = isFused;
        var logits = network.call(tensor(TinyNetwork.Pixels(network, 5)).reshape(5, 1, 28, 28));
        logits.square().mean().backward();
        var results = network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.grad!.clone());
        results["logits"] = logits.detach();
        return results;
    }

    [TestMethod]
    public void Dropout_acts_in_training_only()
    {
        using var network = TinyNetwork.Create(TinyNetwork.Configuration with { DropoutRate = 0.5 });
        var pixels = TinyNetwork.Pixels(network, 2);
        Assert.AreEqual(0, TinyNetwork.LargestDifference(TinyNetwork.Logits(network, pixels), TinyNetwork.Logits(network, pixels)));
        network.train();
        Assert.AreNotEqual(0, TinyNetwork.LargestDifference(TinyNetwork.Logits(network, pixels), TinyNetwork.Logits(network, pixels)));
    }

    [TestMethod]
    public void Sizes_that_do_not_fit_are_refused_with_their_names_and_values()
    {
        var valid = TinyNetwork.Configuration;
        Refused(valid with { PatchSize = 4 }, "ImageSize 6", "PatchSize 4");
        Refused(valid with { Heads = 5 }, "Dimension 12", "Heads 5");
        Refused(valid with { Depth = 0 }, "Depth is 0");
        Refused(valid with { ClassCount = 0 }, "ClassCount is 0");
        Refused(valid with { ClassCount = -1 }, "ClassCount is -1");
        Refused(valid with { Mean = [0.1, 0.2, 0.3] }, "Mean has 3 values", "2 channels");
        Refused(valid with { StandardDeviation = [0.0] }, "StandardDeviation holds 0");
        Refused(valid with { DropoutRate = 1 }, "DropoutRate is 1");

        static void Refused(NoisyViTConfiguration configuration, params string[] parts)
        {
            var message = Assert.Throws<ArgumentException>(() => new NoisyViT(configuration)).Message;
            foreach (var part in parts)
                Assert.Contains(part, message);
        }
    }
}
