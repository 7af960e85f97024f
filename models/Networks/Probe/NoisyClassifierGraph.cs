using NoisyNN.Models.Onnx.Graphs;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Networks.Probe;

/// <summary>
/// The ONNX graph of a <see cref="NoisyClassifier"/> without noise: from Features [N, D] to Score, Logits and Hidden, the input of its last
/// layer.
/// </summary>
static class NoisyClassifierGraph
{
    public const string InputName = "Features";
    public const string HiddenName = "Hidden";

    public static GraphBuilder Build(NoisyClassifierConfiguration configuration, NetworkWeights weights)
    {
        var graph = new GraphBuilder(nameof(NoisyClassifier));
        var features = graph.Input(InputName, DataType.Float, TensorNames.Batch, configuration.FeatureCount);
        var scope = graph.Scope("standardize");
        var rows = scope.Node("Mul", [scope.Node("Sub", [features, scope.Weight(weights["mean"])]), scope.Weight(weights["scale"])]);
        if (configuration.HiddenDimension > 0)
            rows = graph.Scope("hidden").Gelu(graph.Scope("hidden").Linear(rows, weights["hidden.weight"], weights["hidden.bias"]));
        var logits = graph.Scope("head").Linear(rows, weights["head.weight"], weights["head.bias"]);
        graph.Scores(logits, configuration.ClassCount);
        graph.Features(rows, configuration.HeadDimension, HiddenName);
        return graph;
    }
}
