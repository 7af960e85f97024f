using NoisyNN.Models.Layers;
using NoisyNN.Models.Onnx.Graphs;

namespace NoisyNN.Models.Networks.AllConvolutional;

/// <summary>
/// The ONNX graph of an <see cref="AllCnn"/> for evaluation, without noise: from Pixels [N, C, H, W] in 0..255 to Score, Logits and
/// Features, the mean of each class's map. The layers that compute the noise and its price are not in the file.
/// </summary>
static class AllCnnGraph
{
    public static GraphBuilder Build(AllCnnConfiguration configuration, NetworkWeights weights, bool anySize)
    {
        var graph = new GraphBuilder(nameof(AllCnn));
        var maps = graph.Normalize(graph.Pixels(configuration, anySize), configuration);
        for (var block = 0; block < configuration.Widths.Count; block++)
        {
            var scope = graph.Scope($"blocks.{block}");
            maps = Layer(scope, maps, $"blocks.{block}.conv1");
            maps = Layer(scope, maps, $"blocks.{block}.conv2");
            maps = Layer(scope, maps, $"blocks.{block}.pool", stride: 2);
            weights.SkipLayer($"blocks.{block}.dropout");
        }
        foreach (var name in (string[])["conv1", "conv2"])
            maps = Layer(graph.Scope(name), maps, name);

        var classMaps = graph.Scope("conv3").ConvolutionAndNorm(maps, weights, "conv3.conv", "conv3.norm");
        var features = graph.Node("Flatten", [graph.Node("GlobalAveragePool", [classMaps])]);
        var logits = graph.Scope("head").Linear(features, weights["head.weight"], weights["head.bias"]);
        graph.Scores(logits, configuration.ClassCount);
        graph.Features(features, configuration.ClassCount);
        return graph;

        GraphValue Layer(GraphBuilder scope, GraphValue input, string name, int stride = 1)
        {
            var normed = scope.ConvolutionAndNorm(input, weights, $"{name}.conv", $"{name}.norm", stride);
            return configuration.Dropout.Prior == InformationPrior.LogUniform ? scope.Relu(normed) : scope.Node("Softplus", [normed]);
        }
    }
}
