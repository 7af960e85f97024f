using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>The last nodes of the graphs of classifiers.</summary>
public static class ScoreGraph
{
    /// <summary>Makes the logits and their softmax outputs of the graph.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="logits">[N, classes]</param>
    /// <param name="classCount">The number of classes.</param>
    public static void Scores(this GraphBuilder graph, GraphValue logits, int classCount)
    {
        var score = graph.Node("Softmax", [logits], GraphAttribute.Of("axis", -1));
        graph.Output(TensorNames.Score, score, DataType.Float, TensorNames.Batch, classCount);
        graph.Output(TensorNames.Logits, logits, DataType.Float, TensorNames.Batch, classCount);
    }

    /// <summary>Makes the input of the head an output of the graph, too.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="features">[N, D]</param>
    /// <param name="featureCount">D</param>
    /// <param name="name">The output's name, which <see cref="NetworkGraph.Features"/> repeats.</param>
    public static void Features(this GraphBuilder graph, GraphValue features, int featureCount, string name = TensorNames.Features) =>
        graph.Output(name, features, DataType.Float, TensorNames.Batch, featureCount);
}
