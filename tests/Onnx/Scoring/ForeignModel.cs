using Google.Protobuf;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms.Onnx;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.Onnx.Scoring;

/// <summary>Small models with names, shapes and types that are not this project's.</summary>
static class ForeignModel
{
    /// <summary>"probs" [N, 3] = 2 "data" [N, 3] + 1.</summary>
    public static ModelProto Affine(params IEnumerable<(string Key, string Value)> metadata)
    {
        var graph = new GraphBuilder("affine");
        var data = graph.Input("data", DataType.Float, "N", 3);
        graph.Output("probs", Affine(graph, data), DataType.Float, "N", 3);
        return Model(graph, metadata);
    }

    /// <summary>The same with exactly <paramref name="batch"/> rows per run.</summary>
    public static ModelProto AffineOfFixedBatch(int batch)
    {
        var graph = new GraphBuilder("fixed");
        var data = graph.Input("data", DataType.Float, batch, 3);
        graph.Output("probs", Affine(graph, data), DataType.Float, batch, 3);
        return Model(graph, []);
    }

    /// <summary>"probs" = 2 "data" + 1 over small planar images [N, 3, 2, 2].</summary>
    public static ModelProto AffineOfImages()
    {
        var graph = new GraphBuilder("images");
        var data = graph.Input("data", DataType.Float, "N", 3, 2, 2);
        graph.Output("probs", Affine(graph, data), DataType.Float, "N", 3, 2, 2);
        return Model(graph, []);
    }

    /// <summary>"probs" = "data" less the mean over the rows of the run: a row's result shows which rows it ran with.</summary>
    public static ModelProto CentredOverRows()
    {
        var graph = new GraphBuilder("centred");
        var data = graph.Input("data", DataType.Float, "N", 3);
        var mean = graph.Node("ReduceMean", [data], GraphAttribute.Of("axes", [0L]), GraphAttribute.Of("keepdims", 1L));
        graph.Output("probs", graph.Node("Sub", [data, mean]), DataType.Float, "N", 3);
        return Model(graph, []);
    }

    /// <summary>"pooled" [N, C], the mean of each plane of an "image" [N, C, H, W] of any size.</summary>
    public static ModelProto PoolingOfAnySize()
    {
        var graph = new GraphBuilder("pooling");
        var image = graph.Input("image", DataType.Float, "N", "C", "H", "W");
        var pooled = graph.Node("ReduceMean", [image], GraphAttribute.Of("axes", 2, 3), GraphAttribute.Of("keepdims", 0L));
        graph.Output("pooled", pooled, DataType.Float, "N", "C");
        return Model(graph, []);
    }

    /// <summary>"class" [N], int64.</summary>
    public static ModelProto ArgMax()
    {
        var graph = new GraphBuilder("argmax");
        var data = graph.Input("data", DataType.Float, "N", 3);
        graph.Output(
            "class",
            graph.Node("ArgMax", [data], GraphAttribute.Of("axis", 1L), GraphAttribute.Of("keepdims", 0L)),
            DataType.Int64,
            "N"
        );
        return Model(graph, []);
    }

    /// <summary>"sum" = "left" + "right".</summary>
    public static ModelProto TwoInputs()
    {
        var graph = new GraphBuilder("sum");
        var (left, right) = (graph.Input("left", DataType.Float, "N", 3), graph.Input("right", DataType.Float, "N", 3));
        graph.Output("sum", graph.Node("Add", [left, right]), DataType.Float, "N", 3);
        return Model(graph, []);
    }

    /// <summary>"total" [1], the sum over all rows: no output per row.</summary>
    public static ModelProto SumOverRows()
    {
        var graph = new GraphBuilder("total");
        var data = graph.Input("data", DataType.Float, "N", 3);
        graph.Output(
            "total",
            graph.Node("ReduceMean", [data], GraphAttribute.Of("axes", 0L, 1L), GraphAttribute.Of("keepdims", 0L)),
            DataType.Float
        );
        return Model(graph, []);
    }

    /// <summary>Adds 1 to "data" so many times, one after the other.</summary>
    public static ModelProto Loop(long trips)
    {
        var body = new GraphProto { Name = "body" };
        body.Node.Add(
            new NodeProto
            {
                OpType = "Identity",
                Input = { "again" },
                Output = { "still" },
            }
        );
        body.Node.Add(
            new NodeProto
            {
                OpType = "Add",
                Input = { "value", "one" },
                Output = { "next" },
            }
        );
        body.Input.Add([Value("trip", DataType.Int64), Value("again", DataType.Bool), Value("value", DataType.Float, "N", 3)]);
        body.Output.Add([Value("still", DataType.Bool), Value("next", DataType.Float, "N", 3)]);

        var graph = new GraphProto { Name = "loop" };
        graph.Input.Add(Value("data", DataType.Float, "N", 3));
        graph.Output.Add(Value("probs", DataType.Float, "N", 3));
        graph.Initializer.Add(
            new TensorProto
            {
                Name = "trips",
                DataType = (int)DataType.Int64,
                RawData = ByteString.CopyFrom(BitConverter.GetBytes(trips)),
            }
        );
        graph.Initializer.Add(
            new TensorProto
            {
                Name = "condition",
                DataType = (int)DataType.Bool,
                RawData = ByteString.CopyFrom(1),
            }
        );
        graph.Initializer.Add(
            new TensorProto
            {
                Name = "one",
                DataType = (int)DataType.Float,
                RawData = ByteString.CopyFrom(BitConverter.GetBytes(1f)),
            }
        );
        graph.Node.Add(
            new NodeProto
            {
                OpType = "Loop",
                Input = { "trips", "condition", "data" },
                Output = { "probs" },
                Attribute =
                {
                    new AttributeProto
                    {
                        Name = "body",
                        Type = AttributeProto.Types.AttributeType.Graph,
                        G = body,
                    },
                },
            }
        );
        return new ModelProto
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = 13 } },
            Graph = graph,
        };

        static ValueInfoProto Value(string name, DataType type, params Dimension[] shape)
        {
            var dimensions = new TensorShapeProto();
            dimensions.Dim.Add(
                shape.Select(dimension =>
                    dimension.Symbol is { } symbol
                        ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
                        : new TensorShapeProto.Types.Dimension { DimValue = dimension.Length }
                )
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
    }

    public static string Write(ModelProto model, string path)
    {
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    static GraphValue Affine(GraphBuilder graph, GraphValue data) =>
        graph.Node("Add", [graph.Node("Mul", [data, graph.Constant(2f)]), graph.Constant(1f)]);

    static ModelProto Model(GraphBuilder graph, IEnumerable<(string Key, string Value)> metadata)
    {
        var model = new ModelProto
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = 13 } },
            Graph = graph.ToGraph(),
        };
        model.MetadataProps.Add(metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        return model;
    }
}
