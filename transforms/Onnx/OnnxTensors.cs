namespace NoisyNN.Transforms.Onnx;

/// <summary>
/// Finds the tensors of a model wherever the format allows one: initialisers, attributes, nested graphs, functions, training information.
/// </summary>
static class OnnxTensors
{
    public static IEnumerable<TensorProto> All(ModelProto model)
    {
        var graphs = model.TrainingInfo.SelectMany(training => new[] { training.Initialization, training.Algorithm }).Prepend(model.Graph);
        return graphs.SelectMany(Of).Concat(model.Functions.SelectMany(function => function.Node).SelectMany(Of));
    }

    static IEnumerable<TensorProto> Of(GraphProto? graph) =>
        graph is null ? [] : graph.Initializer.Concat(graph.SparseInitializer.SelectMany(Of)).Concat(graph.Node.SelectMany(Of));

    static IEnumerable<TensorProto> Of(NodeProto node) => node.Attribute.SelectMany(Of);

    static IEnumerable<TensorProto> Of(AttributeProto attribute) =>
        attribute
            .Tensors.Concat(attribute.T is null ? [] : [attribute.T])
            .Concat(Of(attribute.SparseTensor))
            .Concat(attribute.SparseTensors.SelectMany(Of))
            .Concat(Of(attribute.G))
            .Concat(attribute.Graphs.SelectMany(Of));

    static IEnumerable<TensorProto> Of(SparseTensorProto? tensor) => new[] { tensor?.Values, tensor?.Indices }.OfType<TensorProto>();
}
