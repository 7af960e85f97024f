namespace NoisyNN.Transforms.Onnx;

/// <summary>
/// Finds the nodes of a model wherever the format allows one: the graph, graphs in attributes, functions, training information.
/// </summary>
static class OnnxNodes
{
    public static IEnumerable<NodeProto> All(ModelProto model) =>
        model
            .TrainingInfo.SelectMany(training => new[] { training.Initialization, training.Algorithm })
            .Prepend(model.Graph)
            .SelectMany(Of)
            .Concat(model.Functions.SelectMany(function => Of(function.Node)));

    public static IEnumerable<NodeProto> Of(GraphProto? graph) => graph is null ? [] : Of(graph.Node);

    /// <summary>The nodes and those of the graphs in their attributes.</summary>
    public static IEnumerable<NodeProto> Of(IEnumerable<NodeProto> nodes) =>
        nodes.SelectMany(node =>
            node.Attribute.SelectMany(attribute => attribute.Graphs.Prepend(attribute.G)).SelectMany(Of).Prepend(node)
        );
}
