using NoisyNN.Transforms.Onnx;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>
/// Checks the structure of a file before anything runs it. Every value is defined once and before it is used. An output needs every node
/// and initialiser. Every initialiser is as long as its shape says. The check reads the finished messages and does not depend on the
/// builder.
/// </summary>
static class GraphCheck
{
    /// <exception cref="InvalidOperationException">The model is broken; the message lists the faults.</exception>
    public static void ThrowIfBroken(ModelProto model)
    {
        var problems = Problems(model).ToList();
        if (problems.Count > 0)
            throw new InvalidOperationException($"The graph '{model.Graph?.Name}' is broken: {string.Join("; ", problems)}.");
    }

    static IEnumerable<string> Problems(ModelProto model)
    {
        if (model.IrVersion < 3 || !model.OpsetImport.Any(opset => opset.Domain.Length == 0 && opset.Version > 0))
            yield return "it names no IR version or no operator set";
        if (model.Graph is not { Output.Count: > 0 } graph)
        {
            yield return "it has no outputs";
            yield break;
        }

        foreach (var problem in Definitions(graph).Concat(Uses(graph)).Concat(graph.Initializer.SelectMany(Length)))
            yield return problem;
    }

    static IEnumerable<string> Definitions(GraphProto graph)
    {
        var defined = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in graph.Input.Select(input => input.Name).Concat(graph.Initializer.Select(tensor => tensor.Name)))
        {
            if (name.Length == 0 || !defined.Add(name))
                yield return $"'{name}' is defined twice or has no name";
        }

        var nodeNames = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in graph.Node)
        {
            if (node.Name.Length == 0 || !nodeNames.Add(node.Name))
                yield return $"two nodes are named '{node.Name}'";
            // An empty name stands for an optional input that is left out.
            foreach (var input in node.Input.Where(input => input.Length > 0 && !defined.Contains(input)))
                yield return $"node '{node.Name}' reads '{input}' before it is defined";
            foreach (var output in node.Output.Where(output => output.Length == 0 || !defined.Add(output)))
                yield return $"'{output}' of node '{node.Name}' is defined twice or has no name";
        }

        foreach (var output in graph.Output)
        {
            if (!defined.Contains(output.Name))
                yield return $"output '{output.Name}' is not computed";
            if (output.Type?.TensorType?.Shape is null)
                yield return $"output '{output.Name}' has no type";
        }
    }

    static IEnumerable<string> Uses(GraphProto graph)
    {
        var needed = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in graph.Node.Reverse())
        {
            if (node.Output.Any(needed.Contains))
                needed.UnionWith(node.Input);
            else
                yield return $"no output needs node '{node.Name}'";
        }
        foreach (
            var name in graph
                .Input.Select(input => input.Name)
                .Concat(graph.Initializer.Select(tensor => tensor.Name))
                .Where(name => !needed.Contains(name))
        )
            yield return $"no output needs '{name}'";
    }

    static IEnumerable<string> Length(TensorProto tensor)
    {
        var elementLength = (DataType)tensor.DataType switch
        {
            DataType.Float => sizeof(float),
            DataType.Int64 => sizeof(long),
            DataType.Float16 => 2,
            _ => 0,
        };
        var expected = tensor.Dims.Aggregate((long)elementLength, (length, dimension) => length * dimension);
        if (elementLength == 0 || expected != tensor.RawData.Length)
            yield return $"initialiser '{tensor.Name}' of shape [{string.Join(", ", tensor.Dims)}] "
                + $"has {tensor.RawData.Length} bytes in place of {expected}";
    }
}
