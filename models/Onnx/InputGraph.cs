using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Onnx;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Onnx;

/// <summary>
/// Prepares pixels in a file before the network's own graph: converts bytes to planar floats, and adds noise on request.
/// </summary>
static class InputGraph
{
    const string Prepared = "input/prepared";

    /// <summary>Puts the preparation in front of a finished graph, in place.</summary>
    public static void Prepend(GraphProto graph, OnnxExportOptions options)
    {
        if (options.PixelInput == PixelInput.FloatPlanar && options.InputNoiseScope == NoiseScope.Training)
            return;
        var input = graph.Input[0];
        // [N, C, H, W]
        var shape = input
            .Type.TensorType.Shape.Dim.Select(dimension =>
                dimension.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam
                    ? dimension.DimParam
                    : (Dimension)dimension.DimValue
            )
            .ToArray();
        var builder = new GraphBuilder("input").Scope("input");
        var pixels =
            options.PixelInput == PixelInput.FloatPlanar
                ? builder.Input(input.Name, DataType.Float, shape)
                : builder.Planar(builder.Input(input.Name, DataType.Uint8, shape[0], shape[2], shape[3], shape[1]));
        if (options.InputNoiseScope == NoiseScope.Always)
            pixels = builder.Scope("noise").Noise(pixels, options.InputNoise!, shape);
        builder.Output(Prepared, pixels, DataType.Float, shape);
        Merge(graph, builder.ToGraph());
    }

    static GraphValue Planar(this GraphBuilder graph, GraphValue bytes) =>
        graph.Node(
            "Cast",
            [graph.Node("Transpose", [bytes], GraphAttribute.Of("perm", 0, 3, 1, 2))],
            GraphAttribute.Of("to", (long)DataType.Float)
        );

    static void Merge(GraphProto graph, GraphProto front)
    {
        var name = graph.Input[0].Name;
        foreach (var node in graph.Node)
            for (var index = 0; index < node.Input.Count; index++)
                if (node.Input[index] == name)
                    node.Input[index] = Prepared;
        graph.Input[0] = front.Input[0];
        var nodes = graph.Node.ToList();
        graph.Node.Clear();
        graph.Node.Add(front.Node.Concat(nodes));
        // Equal constants carry equal names.
        var known = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        graph.Initializer.Add(front.Initializer.Where(tensor => !known.Contains(tensor.Name)));
    }
}
