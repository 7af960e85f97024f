namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>Layers of several kinds of networks as ONNX nodes.</summary>
public static class LayerGraph
{
    /// <summary>A trained array under its own name.</summary>
    public static GraphValue Weight(this GraphBuilder graph, WeightArray weight) => graph.Weight(weight.Name, weight.Values, weight.Shape);

    /// <summary>x W^T + b over the last axis.</summary>
    public static GraphValue Linear(this GraphBuilder graph, GraphValue input, WeightArray weight, WeightArray bias) =>
        graph.Node("Add", [graph.Node("MatMul", [input, graph.Weight(weight.Transposed())]), graph.Weight(bias)]);

    /// <summary>Normalisation over the last axis, with a scale and a shift.</summary>
    public static GraphValue LayerNorm(this GraphBuilder graph, GraphValue input, NetworkWeights weights, string name, double epsilon) =>
        graph.Node(
            "LayerNormalization",
            [input, graph.Weight(weights[$"{name}.weight"]), graph.Weight(weights[$"{name}.bias"])],
            GraphAttribute.Of("axis", -1),
            GraphAttribute.Of("epsilon", (float)epsilon)
        );

    /// <summary>The exact GELU, x (1 + erf(x / sqrt 2)) / 2, in the form that ONNX Runtime fuses into one operator.</summary>
    public static GraphValue Gelu(this GraphBuilder graph, GraphValue input)
    {
        var error = graph.Node("Erf", [graph.Node("Div", [input, graph.Constant(MathF.Sqrt(2))])]);
        var gate = graph.Node("Add", [error, graph.Constant(1f)]);
        return graph.Node("Mul", [graph.Node("Mul", [input, gate]), graph.Constant(0.5f)]);
    }
}
