using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Models.Onnx;

/// <summary>Divides the logits of a finished graph by a temperature before the softmax that gives the scores.</summary>
static class ScoreTemperature
{
    const string Name = "Score/temperature",
        Scaled = "Score/scaled";

    /// <summary>Changes the graph in place, unless the temperature is 1. The output of the logits stays as it is.</summary>
    /// <exception cref="NotSupportedException">The scores do not come from a softmax.</exception>
    public static void Apply(GraphProto graph, double temperature)
    {
        if (temperature == 1)
            return;
        var softmax =
            graph.Node.FirstOrDefault(node => node.OpType == "Softmax" && node.Output.Contains(TensorNames.Score))
            ?? throw new NotSupportedException(
                $"The output '{TensorNames.Score}' of the graph does not come from a softmax, so it takes no temperature."
            );
        graph.Initializer.Add(
            new TensorProto
            {
                Name = Name,
                DataType = (int)TensorProto.Types.DataType.Float,
                RawData = Google.Protobuf.ByteString.CopyFrom(BitConverter.GetBytes((float)temperature)),
            }
        );
        graph.Node.Insert(
            graph.Node.IndexOf(softmax),
            new NodeProto
            {
                Name = "Score/Div",
                OpType = "Div",
                Input = { softmax.Input[0], Name },
                Output = { Scaled },
            }
        );
        softmax.Input[0] = Scaled;
    }
}
