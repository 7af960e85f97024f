using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms.Onnx;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.Onnx.Scoring;

/// <summary>A model that scores black images and fails on all others.</summary>
static class FailingModel
{
    /// <summary>
    /// "Score" [N, 2] = 0.25, 0.75 for an "image" [N, 1, 2, 2] whose largest value is below 1. Others are beyond its table.
    /// </summary>
    public static ModelProto Create()
    {
        var graph = new GraphBuilder("failing");
        var image = graph.Input("image", DataType.Float, "N", 1, 2, 2);
        var largest = graph.Node("ReduceMax", [image], GraphAttribute.Of("axes", 1L, 2L, 3L), GraphAttribute.Of("keepdims", 0L));
        var place = graph.Node("Cast", [largest], GraphAttribute.Of("to", (long)DataType.Int64));
        var table = graph.Weight("table", [0.25f, 0.75f], 1, 2);
        graph.Output("Score", graph.Node("Gather", [table, place], GraphAttribute.Of("axis", 0L)), DataType.Float, "N", 2);
        return new()
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = 13 } },
            Graph = graph.ToGraph(),
            MetadataProps =
            {
                new StringStringEntryProto { Key = "noisy.labels", Value = """["dark","darker"]""" },
            },
        };
    }
}
