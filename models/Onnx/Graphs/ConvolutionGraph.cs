namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>The layers of convolutional networks as ONNX nodes. Maps are [N, C, H, W].</summary>
public static class ConvolutionGraph
{
    const float NormEpsilon = 1e-5f;

    /// <summary>max(x, 0)</summary>
    public static GraphValue Relu(this GraphBuilder graph, GraphValue maps) => graph.Node("Relu", [maps]);

    /// <summary>A convolution without a bias, which keeps the size or divides it by its stride.</summary>
    public static GraphValue Convolution(this GraphBuilder graph, GraphValue maps, WeightArray weight, int stride = 1)
    {
        var kernel = weight.Shape[2];
        return graph.Node(
            "Conv",
            [maps, graph.Weight(weight)],
            GraphAttribute.Of("kernel_shape", kernel, kernel),
            GraphAttribute.Of("strides", stride, stride),
            GraphAttribute.Of("pads", kernel / 2, kernel / 2, kernel / 2, kernel / 2)
        );
    }

    /// <summary>
    /// Normalisation by the running averages, with a scale and a shift per channel. The count of batches is needed only in training.
    /// </summary>
    public static GraphValue BatchNorm(this GraphBuilder graph, GraphValue maps, NetworkWeights weights, string name)
    {
        weights.Skip($"{name}.num_batches_tracked");
        string[] arrays = ["weight", "bias", "running_mean", "running_var"];
        return graph.Node(
            "BatchNormalization",
            [maps, .. arrays.Select(array => graph.Weight(weights[$"{name}.{array}"]))],
            GraphAttribute.Of("epsilon", NormEpsilon)
        );
    }

    /// <summary>A convolution without a bias, then the normalisation of its maps.</summary>
    public static GraphValue ConvolutionAndNorm(
        this GraphBuilder graph,
        GraphValue maps,
        NetworkWeights weights,
        string convolution,
        string norm,
        int stride = 1
    ) => graph.BatchNorm(graph.Convolution(maps, weights[$"{convolution}.weight"], stride), weights, norm);
}
