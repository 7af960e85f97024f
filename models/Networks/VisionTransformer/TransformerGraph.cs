using NoisyNN.Models.Onnx.Graphs;

namespace NoisyNN.Models.Networks.VisionTransformer;

/// <summary>The layers of transformers as ONNX nodes. Tokens are [N, T, D].</summary>
static class TransformerGraph
{
    public static GraphValue Mlp(this GraphBuilder graph, GraphValue input, NetworkWeights weights, string name)
    {
        var hidden = graph.Scope("fc1").Linear(input, weights[$"{name}.fc1.weight"], weights[$"{name}.fc1.bias"]);
        return graph.Scope("fc2").Linear(graph.Scope("act").Gelu(hidden), weights[$"{name}.fc2.weight"], weights[$"{name}.fc2.bias"]);
    }

    /// <summary>Multi-head self-attention with packed queries, keys and values.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="input">[N, T, D]</param>
    /// <param name="weights">The network's arrays.</param>
    /// <param name="name">The layer's name in them.</param>
    /// <param name="dimension">D</param>
    /// <param name="heads">The number of heads, which divides D.</param>
    /// <param name="classTokenOnly">Whether only the first token is a query; the result is then [N, 1, D].</param>
    public static GraphValue Attention(
        this GraphBuilder graph,
        GraphValue input,
        NetworkWeights weights,
        string name,
        int dimension,
        int heads,
        bool classTokenOnly
    )
    {
        var (weight, bias) = (weights[$"{name}.qkv.weight"], weights[$"{name}.qkv.bias"]);
        var projection = graph.Scope("qkv");
        GraphValue[] parts = classTokenOnly
            ?
            [
                projection.Linear(graph.FirstToken(input), weight.Rows(0, dimension), bias.Rows(0, dimension)),
                .. projection.SplitFeatures(
                    projection.Linear(input, weight.Rows(dimension, 2 * dimension), bias.Rows(dimension, 2 * dimension)),
                    2
                ),
            ]
            : projection.SplitFeatures(projection.Linear(input, weight, bias), 3);

        var queries = graph.Node(
            "Mul",
            [graph.SplitHeads(parts[0], heads, dimension, [0, 2, 1, 3]), graph.Constant(1 / MathF.Sqrt(dimension / heads))]
        );
        var keys = graph.SplitHeads(parts[1], heads, dimension, [0, 2, 3, 1]);
        var values = graph.SplitHeads(parts[2], heads, dimension, [0, 2, 1, 3]);

        var attention = graph.Node("Softmax", [graph.Node("MatMul", [queries, keys])], GraphAttribute.Of("axis", -1));
        var mixed = graph.Node("Transpose", [graph.Node("MatMul", [attention, values])], GraphAttribute.Of("perm", 0, 2, 1, 3));
        var merged = graph.Node("Reshape", [mixed, graph.Constant(0L, 0L, dimension)]);
        return graph.Scope("proj").Linear(merged, weights[$"{name}.proj.weight"], weights[$"{name}.proj.bias"]);
    }

    /// <summary>The class token as a sequence of one, [N, 1, D].</summary>
    public static GraphValue FirstToken(this GraphBuilder graph, GraphValue tokens) =>
        graph.Node("Slice", [tokens, graph.Constant([0L]), graph.Constant([1L]), graph.Constant([1L])]);

    static GraphValue[] SplitFeatures(this GraphBuilder graph, GraphValue tokens, int parts) =>
        graph.Nodes("Split", [tokens], parts, GraphAttribute.Of("axis", -1));

    // A length of 0 in a shape means the input's own length on that axis, so that batch and tokens stay open.
    static GraphValue SplitHeads(this GraphBuilder graph, GraphValue tokens, int heads, int dimension, long[] order) =>
        graph.Node(
            "Transpose",
            [graph.Node("Reshape", [tokens, graph.Constant(0L, 0L, heads, dimension / heads)])],
            GraphAttribute.Of("perm", order)
        );
}
