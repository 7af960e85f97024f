using NoisyNN.Models.Onnx.Graphs;

namespace NoisyNN.Models.Networks.FullyConnected;

/// <summary>
/// The ONNX graph of a <see cref="Perceptron"/> without noise: from Pixels [N, C, H, W] in 0..255 to Score, Logits and Features, the last
/// hidden layer.
/// </summary>
static class PerceptronGraph
{
    public static GraphBuilder Build(PerceptronConfiguration configuration, NetworkWeights weights)
    {
        var graph = new GraphBuilder(nameof(Perceptron));
        var values = graph.Node("Flatten", [graph.Normalize(graph.Pixels(configuration), configuration)]);
        for (var block = 0; block < configuration.Widths.Count; block++)
        {
            var scope = graph.Scope($"blocks.{block}");
            values = scope.Relu(scope.Linear(values, weights[$"blocks.{block}.weight"], weights[$"blocks.{block}.bias"]));
        }
        var logits = graph.Scope("head").Linear(values, weights["head.weight"], weights["head.bias"]);
        graph.Scores(logits, configuration.ClassCount);
        graph.Features(values, configuration.Widths[^1]);
        return graph;
    }
}
