using NoisyNN.Models.Networks;
using NoisyNN.Models.Onnx.Graphs;

namespace NoisyNN.Tests.Networks;

/// <summary>A <see cref="ToyNetwork"/> as an ONNX graph.</summary>
static class ToyGraph
{
    public const string HiddenUnits = "HiddenUnits";

    public static GraphBuilder Build(ToyConfiguration configuration, NetworkWeights weights)
    {
        var graph = new GraphBuilder(nameof(ToyNetwork));
        var rows = graph.Node("Flatten", [graph.Normalize(graph.Pixels(configuration), configuration)]);
        var hidden = graph.Relu(graph.Scope("hidden").Linear(rows, weights["hidden.weight"], weights["hidden.bias"]));
        var logits = graph.Scope("head").Linear(hidden, weights["head.weight"], weights["head.bias"]);
        graph.Scores(logits, configuration.ClassCount);
        graph.Features(hidden, configuration.HiddenUnits, HiddenUnits);
        return graph;
    }
}
