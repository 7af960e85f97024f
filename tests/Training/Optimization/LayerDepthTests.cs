using NoisyNN.Models.Training.Optimization;

namespace NoisyNN.Tests.Training.Optimization;

[TestClass]
public class LayerDepthTests
{
    [TestMethod]
    public void A_transformers_embedding_is_layer_0_its_blocks_follow_and_norm_and_head_are_the_last()
    {
        var depths = LayerDepth.Of([
            "cls_token",
            "pos_embed",
            "patch_embed.proj.weight",
            "blocks.0.norm1.weight",
            "blocks.0.mlp.fc1.bias",
            "blocks.1.norm1.weight",
            "norm.weight",
            "head.weight",
            "head.bias",
        ]);
        Assert.AreSequenceEqual([0, 0, 0, 1, 1, 2, 3, 3, 3], depths.Values);
    }

    [TestMethod]
    public void A_residual_networks_blocks_count_through_its_stages()
    {
        var depths = LayerDepth.Of([
            "conv1.weight",
            "bn1.weight",
            "layer1.0.conv1.weight",
            "layer1.1.conv1.weight",
            "layer2.0.conv1.weight",
            "layer2.0.downsample.0.weight",
            "fc.weight",
        ]);
        Assert.AreSequenceEqual([0, 0, 1, 2, 3, 3, 4], depths.Values);
    }
}
