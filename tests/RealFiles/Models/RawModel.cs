using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Tests.Onnx.Scoring;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Isolation;
using NoisyNN.Transforms.Onnx.Scoring;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.RealFiles.Models;

/// <summary>Models node by node, as other tools and attackers write them.</summary>
static class RawModel
{
    public static ModelProto Model(
        IEnumerable<ValueInfoProto> inputs,
        IEnumerable<ValueInfoProto> outputs,
        IEnumerable<NodeProto> nodes,
        params IEnumerable<TensorProto> constants
    )
    {
        var graph = new GraphProto { Name = "raw" };
        graph.Input.Add(inputs);
        graph.Output.Add(outputs);
        graph.Node.Add(nodes);
        graph.Initializer.Add(constants);
        return new()
        {
            IrVersion = 8,
            OpsetImport =
            {
                new OperatorSetIdProto { Version = 17 },
                new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 3 },
                new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 },
            },
            Graph = graph,
        };
    }

    /// <summary>A tensor; an empty symbol is a dimension without a name.</summary>
    public static ValueInfoProto Tensor(string name, DataType type, params Dimension[] shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var dimension in shape)
            dimensions.Dim.Add(
                dimension.Symbol is { } symbol
                    ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
                    : new TensorShapeProto.Types.Dimension { DimValue = dimension.Length }
            );
        return new()
        {
            Name = name,
            Type = new()
            {
                TensorType = new() { ElemType = (int)type, Shape = dimensions },
            },
        };
    }

    public static NodeProto Node(string operation, string[] inputs, string[] outputs, params GraphAttribute[] attributes)
    {
        var at = operation.LastIndexOf(':');
        var node = new NodeProto { Domain = at < 0 ? "" : operation[..at], OpType = operation[(at + 1)..] };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        node.Attribute.Add(attributes.Select(attribute => attribute.Proto));
        return node;
    }

    public static TensorProto Longs(string name, long[] shape, params long[] values) =>
        Constant(name, DataType.Int64, shape, MemoryMarshal.AsBytes<long>(values));

    public static TensorProto Floats(string name, long[] shape, params float[] values) =>
        Constant(name, DataType.Float, shape, MemoryMarshal.AsBytes<float>(values));

    static TensorProto Constant(string name, DataType type, long[] shape, ReadOnlySpan<byte> values)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)type,
            RawData = ByteString.CopyFrom(values),
        };
        tensor.Dims.Add(shape);
        return tensor;
    }

    /// <summary>Scores rows with the model in a file of its own.</summary>
    public static float[][] Score(
        TemporaryFolder folder,
        ModelProto model,
        float[][] rows,
        ModelIsolation? isolation = null,
        CancellationToken cancellation = default,
        int? batchSize = null
    )
    {
        using var scorer = new RawScorer(folder, model, rows[0].Length, isolation, cancellation, batchSize);
        return scorer.Score(rows);
    }

    public static float[][] Rows(int count, int length)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f).ToArray())];
    }
}
