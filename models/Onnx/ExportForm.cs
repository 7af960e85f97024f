using System.Runtime.InteropServices;
using Google.Protobuf;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms.Onnx;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Onnx;

/// <summary>Changes the form of a file: newer operator sets, weights of half precision. The file computes the same.</summary>
static class ExportForm
{
    /// <summary>Rewrites the graph for another operator set than <see cref="OnnxExporter.Opset"/>.</summary>
    public static void UseOpset(ModelProto model, int opset)
    {
        model.OpsetImport[0].Version = opset;
        // The first version of the format that goes with the operator set.
        model.IrVersion = opset switch
        {
            <= 18 => 8,
            <= 20 => 9,
            _ => 10,
        };
        if (opset < 18)
            return;
        foreach (var split in model.Graph.Node.Where(node => node.OpType == "Split" && node.Input.Count == 1))
            split.Attribute.Add(GraphAttribute.Of("num_outputs", (long)split.Output.Count).Proto);
    }

    /// <summary>
    /// Stores the trained arrays in half precision. The graph converts them back, so that it computes in single precision.
    /// </summary>
    /// <exception cref="NotSupportedException">A weight is beyond the range of half precision.</exception>
    public static void HalveWeights(GraphProto graph)
    {
        var widened = new List<NodeProto>();
        foreach (var tensor in graph.Initializer.Where(tensor => tensor.DataType == (int)DataType.Float && tensor.Dims.Count > 0))
        {
            var halves = MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray().Select(value => (Half)value).ToArray();
            if (halves.Any(value => !Half.IsFinite(value)))
                throw new NotSupportedException(
                    $"The weight '{tensor.Name}' has values beyond 65,504, which half precision does not hold. Export in single precision."
                );
            var name = tensor.Name;
            (tensor.Name, tensor.DataType, tensor.RawData) = (
                $"{name}/float16",
                (int)DataType.Float16,
                ByteString.CopyFrom(MemoryMarshal.AsBytes<Half>(halves))
            );
            widened.Add(
                new NodeProto
                {
                    Name = $"{name}/Cast",
                    OpType = "Cast",
                    Input = { tensor.Name },
                    Output = { name },
                    Attribute = { GraphAttribute.Of("to", (long)DataType.Float).Proto },
                }
            );
        }
        var nodes = graph.Node.ToList();
        graph.Node.Clear();
        graph.Node.Add(widened.Concat(nodes));
    }
}
