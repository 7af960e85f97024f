using System.Runtime.InteropServices;
using Google.Protobuf;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms.Onnx;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Prediction;

/// <summary>
/// Turns a network's model into one that ML.NET's ONNX transformer reads and writes as columns. That transformer computes row by row, and
/// gives a column the shape of its tensor, so the outputs are those of one row, without the batch.
/// </summary>
static class CarrierGraph
{
    // Before the names of all tensors that are no columns, so that none of them meets a column's or another one's.
    const string Inner = "network/",
        Added = "carrier/";

    /// <summary>Leaves one output, as a row of a column, and names the input after a column, too.</summary>
    /// <param name="model">The network's model: rows [N, ...] in and out.</param>
    /// <param name="input">The model's input, and the column that takes its place.</param>
    /// <param name="output">The output to keep, and the column that takes its place.</param>
    public static void MapToColumns(ModelProto model, (string Tensor, string Column) input, (string Tensor, string Column) output)
    {
        var graph = model.Graph;
        Prune(graph, output.Tensor);
        Rename(
            graph,
            name =>
                name == input.Tensor ? input.Column
                : name.Length == 0 ? ""
                : Inner + name
        );

        var batch = graph.Output.Single();
        graph.Output.Clear();
        long[] row = [.. batch.Type.TensorType.Shape.Dim.Skip(1).Select(dimension => dimension.DimValue)];
        graph.Node.Add(Node("Reshape", output.Column, [batch.Name, Integers(graph, "row-shape", row)]));
        graph.Output.Add(Output(output.Column, row));
    }

    /// <summary>The class of the largest score as a further output: a one-hot vector; NaN everywhere if a score is NaN.</summary>
    /// <param name="model">A model that puts out a row of scores.</param>
    /// <param name="scores">The column of scores.</param>
    /// <param name="column">The column to add.</param>
    /// <param name="classCount">The number of classes.</param>
    public static void AddClass(ModelProto model, string scores, string column, int classCount)
    {
        var graph = model.Graph;
        // Of equal scores the first one counts, as in ScoreColumns.PredictedKey.
        graph.Node.Add(Node("ArgMax", $"{Added}class", [scores], GraphAttribute.Of("axis", 0L)));
        graph.Node.Add(
            Node("OneHot", $"{Added}one-hot", [$"{Added}class", Integers(graph, "class-count", classCount), Numbers(graph, "off-on", 0, 1)])
        );
        graph.Node.Add(Node("ReduceSum", $"{Added}sum", [scores]));
        graph.Node.Add(Node("Mul", $"{Added}missing", [$"{Added}sum", Numbers(graph, "zero", 0)]));
        graph.Node.Add(Node("Add", $"{Added}row", [$"{Added}one-hot", $"{Added}missing"]));
        graph.Node.Add(Node("Reshape", column, [$"{Added}row", Integers(graph, "classes", classCount)]));
        graph.Output.Add(Output(column, classCount));
    }

    /// <summary>
    /// Names the slots of a column. ML.NET finds the names in the keys of an encoder that is called after the column; it never runs.
    /// </summary>
    public static void AddSlotNames(ModelProto model, string column, IReadOnlyList<string> names)
    {
        const string domain = "ai.onnx.ml";
        var unused = new TensorProto { Name = $"mlnet.{column}.unusedInput", DataType = (int)DataType.String };
        unused.Dims.Add([1, 1]);
        unused.StringData.Add(ByteString.Empty);
        model.Graph.Initializer.Add(unused);

        var encoder = Node("LabelEncoder", $"mlnet.{column}.unusedOutput", [unused.Name]);
        (encoder.Name, encoder.Domain) = ($"mlnet.{column}.SlotNames", domain);
        var keys = new AttributeProto { Name = "keys_strings", Type = AttributeProto.Types.AttributeType.Strings };
        keys.Strings.Add(names.Select(ByteString.CopyFromUtf8));
        encoder.Attribute.Add([
            keys,
            GraphAttribute.Of("values_int64s", [.. Enumerable.Range(0, names.Count).Select(index => (long)index)]).Proto,
        ]);
        model.Graph.Node.Add(encoder);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = 2 });
    }

    /// <summary>Leaves one output and what it is computed from.</summary>
    static void Prune(GraphProto graph, string output)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { output };
        foreach (var node in graph.Node.Reverse().Where(node => node.Output.Any(needed.Contains)))
            needed.UnionWith(node.Input);
        Keep(graph.Node, node => node.Output.Any(needed.Contains));
        Keep(graph.Initializer, tensor => needed.Contains(tensor.Name));
        Keep(graph.Output, value => value.Name == output);

        static void Keep<T>(IList<T> items, Func<T, bool> isKept)
        {
            for (var index = items.Count - 1; index >= 0; index--)
                if (!isKept(items[index]))
                    items.RemoveAt(index);
        }
    }

    static void Rename(GraphProto graph, Func<string, string> rename)
    {
        foreach (var value in graph.Input.Concat(graph.Output))
            value.Name = rename(value.Name);
        foreach (var initializer in graph.Initializer)
            initializer.Name = rename(initializer.Name);
        foreach (var names in graph.Node.SelectMany(node => new[] { node.Input, node.Output }))
            for (var index = 0; index < names.Count; index++)
                names[index] = rename(names[index]);
    }

    static NodeProto Node(string operation, string output, string[] inputs, params GraphAttribute[] attributes)
    {
        var node = new NodeProto { Name = $"{output}:node", OpType = operation };
        node.Input.Add(inputs);
        node.Output.Add(output);
        node.Attribute.Add(attributes.Select(attribute => attribute.Proto));
        return node;
    }

    static ValueInfoProto Output(string column, params long[] shape)
    {
        var dimensions = new TensorShapeProto();
        dimensions.Dim.Add(shape.Select(length => new TensorShapeProto.Types.Dimension { DimValue = length }));
        return new()
        {
            Name = column,
            Type = new()
            {
                TensorType = new() { ElemType = (int)DataType.Float, Shape = dimensions },
            },
        };
    }

    static string Integers(GraphProto graph, string name, params long[] values)
    {
        var tensor = new TensorProto { Name = Added + name, DataType = (int)DataType.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.Add(values);
        graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    static string Numbers(GraphProto graph, string name, params float[] values)
    {
        var tensor = new TensorProto { Name = Added + name, DataType = (int)DataType.Float };
        tensor.Dims.Add(values.Length);
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan()));
        graph.Initializer.Add(tensor);
        return tensor.Name;
    }
}
