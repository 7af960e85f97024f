using NoisyNN.Models.Onnx.Graphs;

namespace NoisyNN.Models.Networks.VisionTransformer;

/// <summary>
/// The ONNX graph of a <see cref="NoisyViT"/> without noise: from Pixels [N, C, H, W] in 0..255 to Score, Logits and ClassToken.
/// </summary>
static class NoisyViTGraph
{
    public static GraphBuilder Build(NoisyViTConfiguration configuration, NetworkWeights weights)
    {
        var graph = new GraphBuilder(nameof(NoisyViT));
        var pixels = graph.Pixels(configuration);
        var tokens = Embed(graph, graph.Normalize(pixels, configuration), pixels, configuration, weights);
        for (var layer = 0; layer < configuration.Depth; layer++)
            tokens = Block(
                graph.Scope($"blocks.{layer}"),
                tokens,
                $"blocks.{layer}",
                configuration,
                weights,
                isLast: layer == configuration.Depth - 1
            );

        var classToken = graph.Node(
            "Squeeze",
            [graph.Scope("norm").LayerNorm(tokens, weights, "norm", TransformerBlock.NormEpsilon), graph.Constant([1L])]
        );
        var logits = graph.Scope("head").Linear(classToken, weights["head.weight"], weights["head.bias"]);
        graph.Scores(logits, configuration.ClassCount);
        graph.Features(classToken, configuration.Dimension, NoisyViT.ClassTokenOutput);
        return graph;
    }

    /// <summary>Patches as a convolution without overlap, the class token before them, positions added: [N, T, D].</summary>
    static GraphValue Embed(
        GraphBuilder graph,
        GraphValue image,
        GraphValue pixels,
        NoisyViTConfiguration configuration,
        NetworkWeights weights
    )
    {
        var (dimension, patch) = (configuration.Dimension, configuration.PatchSize);
        var embedding = graph.Scope("patch_embed");
        var grid = embedding.Node(
            "Conv",
            [image, embedding.Weight(weights["patch_embed.proj.weight"]), embedding.Weight(weights["patch_embed.proj.bias"])],
            GraphAttribute.Of("kernel_shape", patch, patch),
            GraphAttribute.Of("strides", patch, patch)
        );
        var flat = embedding.Node("Reshape", [grid, graph.Constant(0L, dimension, -1L)]);
        var patches = embedding.Node("Transpose", [flat], GraphAttribute.Of("perm", 0, 2, 1));

        var token = graph.Scope("cls_token");
        var batch = token.Node("Shape", [pixels], GraphAttribute.Of("start", 0), GraphAttribute.Of("end", 1));
        var shape = token.Node("Concat", [batch, graph.Constant(1L, dimension)], GraphAttribute.Of("axis", 0));
        var classTokens = token.Node("Expand", [graph.Weight(weights["cls_token"]), shape]);

        var tokens = graph.Node("Concat", [classTokens, patches], GraphAttribute.Of("axis", 1));
        return graph.Node("Add", [tokens, graph.Weight(weights["pos_embed"])]);
    }

    /// <summary>A pre-norm block. Only the class token leaves the last one, so no other token is computed there.</summary>
    static GraphValue Block(
        GraphBuilder graph,
        GraphValue tokens,
        string name,
        NoisyViTConfiguration configuration,
        NetworkWeights weights,
        bool isLast
    )
    {
        var normed = graph.Scope("norm1").LayerNorm(tokens, weights, $"{name}.norm1", TransformerBlock.NormEpsilon);
        var attended = graph
            .Scope("attn")
            .Attention(normed, weights, $"{name}.attn", configuration.Dimension, configuration.Heads, classTokenOnly: isLast);
        var stream = graph.Node("Add", [isLast ? graph.FirstToken(tokens) : tokens, attended]);
        var normedStream = graph.Scope("norm2").LayerNorm(stream, weights, $"{name}.norm2", TransformerBlock.NormEpsilon);
        return graph.Node("Add", [stream, graph.Scope("mlp").Mlp(normedStream, weights, $"{name}.mlp")]);
    }
}
