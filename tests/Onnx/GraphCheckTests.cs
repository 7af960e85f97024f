using Google.Protobuf;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Transforms.Onnx;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.Onnx;

/// <summary>Broken graphs are found before anything runs them.</summary>
[TestClass]
public sealed class GraphCheckTests
{
    [TestMethod]
    public void Sound_graph_passes() => GraphCheck.ThrowIfBroken(Sound());

    [TestMethod]
    public void Value_that_nobody_defines_is_named() =>
        AssertBroken(model => model.Graph.Node[0].Input[0] = "ghost", "node 'Mul' reads 'ghost' before it is defined");

    [TestMethod]
    public void Nodes_out_of_order_are_found() =>
        AssertBroken(
            model => (model.Graph.Node[0], model.Graph.Node[1]) = (model.Graph.Node[1], model.Graph.Node[0]),
            "node 'Add' reads 'Mul:' before it is defined"
        );

    [TestMethod]
    public void Value_that_is_defined_twice_is_named() =>
        AssertBroken(model => model.Graph.Node[1].Output[0] = "Mul:", "'Mul:' of node 'Add' is defined twice");

    [TestMethod]
    public void Node_that_no_output_needs_is_named() =>
        AssertBroken(
            model =>
                model.Graph.Node.Add(
                    new NodeProto
                    {
                        Name = "idle",
                        OpType = "Relu",
                        Input = { "x" },
                        Output = { "nothing" },
                    }
                ),
            "no output needs node 'idle'"
        );

    [TestMethod]
    public void Initialiser_that_nobody_reads_is_named() =>
        AssertBroken(
            model =>
                model.Graph.Initializer.Add(
                    new TensorProto
                    {
                        Name = "spare",
                        DataType = (int)DataType.Float,
                        Dims = { 0 },
                    }
                ),
            "no output needs 'spare'"
        );

    [TestMethod]
    public void Initialiser_shorter_than_its_shape_is_named() =>
        AssertBroken(
            model => model.Graph.Initializer[0].RawData = ByteString.CopyFrom(0, 0),
            "initialiser 'constant/2' of shape [] has 2 bytes in place of 4"
        );

    [TestMethod]
    public void Output_that_is_not_computed_is_named() =>
        AssertBroken(model => model.Graph.Output[0].Name = "z", "output 'z' is not computed");

    [TestMethod]
    public void Operator_set_must_be_named() => AssertBroken(model => model.OpsetImport.Clear(), "no operator set");

    [TestMethod]
    public void Builder_refuses_two_arrays_under_one_name()
    {
        var graph = new GraphBuilder("test");
        graph.Weight("w", [1f, 2f], 2);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => graph.Weight("w", [1f, 3f], 2));

        StringAssert.Contains(error.Message, "'w'");
    }

    [TestMethod]
    public void Builder_numbers_nodes_of_one_kind_and_keeps_the_layer_in_their_names()
    {
        var graph = new GraphBuilder("test");
        var x = graph.Input("x", DataType.Float, "N", 2);
        var layer = graph.Scope("layer");
        graph.Output("y", layer.Node("Relu", [layer.Node("Relu", [x])]), DataType.Float, "N", 2);

        CollectionAssert.AreEqual(new[] { "layer/Relu", "layer/Relu_2" }, graph.ToGraph().Node.Select(node => node.Name).ToArray());
    }

    /// <summary>y = 2x + 1</summary>
    static ModelProto Sound()
    {
        var graph = new GraphBuilder("test");
        var x = graph.Input("x", DataType.Float, "N", 2);
        var doubled = graph.Node("Mul", [x, graph.Constant(2f)]);
        graph.Output("y", graph.Node("Add", [doubled, graph.Constant(1f)]), DataType.Float, "N", 2);
        return new()
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = 17 } },
            Graph = graph.ToGraph(),
        };
    }

    static void AssertBroken(Action<ModelProto> change, string problem)
    {
        var model = Sound();
        change(model);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => GraphCheck.ThrowIfBroken(model)).Message, problem);
    }
}
