using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Scoring;
using AttributeType = NoisyNN.Transforms.Onnx.AttributeProto.Types.AttributeType;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.Onnx.Scoring;

/// <summary>
/// Models made to harm whoever loads them: each is refused with a managed exception that says why, and this process is still there. Paths
/// of external data are in <see cref="ExternalDataTests"/>, truncated and bit-flipped files in <see cref="OnnxBatchRefusalTests"/>.
/// </summary>
[TestClass]
public sealed class HostileModelTests
{
    [TestMethod]
    public void Function_that_calls_itself_is_refused()
    {
        var model = Calling("f");
        model.Functions.Add(Function("f", "f"));

        Refused(model, "one of its functions calls itself");
    }

    [TestMethod]
    public void Functions_that_call_each_other_in_a_circle_are_refused()
    {
        var model = Calling("f");
        model.Functions.Add([Function("f", "g"), Function("g", "h"), Function("h", "f")]);

        Refused(model, "one of its functions calls itself");
    }

    [TestMethod]
    public void Functions_that_unfold_into_a_billion_nodes_are_refused()
    {
        var model = Calling("f0");
        for (var depth = 0; depth < 30; depth++)
            model.Functions.Add(Function($"f{depth}", $"f{depth + 1}", $"f{depth + 1}"));
        model.Functions.Add(Function("f30", "Identity"));

        Refused(model, "unfold into more than 1,000,000 nodes");
    }

    [TestMethod]
    public void Chain_of_a_thousand_functions_is_refused_before_the_stack_ends()
    {
        var model = Calling("f0");
        for (var depth = 0; depth < 1000; depth++)
            model.Functions.Add(Function($"f{depth}", $"f{depth + 1}"));

        Refused(model, "functions");
    }

    [TestMethod]
    public void Operator_of_an_unknown_domain_is_refused()
    {
        var model = ForeignModel.Affine();
        model.Graph.Node[0].Domain = "evil.example";

        Refused(model, "the unknown domain 'evil.example'");
    }

    [TestMethod]
    public void Import_of_an_unknown_domain_is_refused_and_its_control_characters_do_not_reach_the_message()
    {
        var model = ForeignModel.Affine();
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "evil\u001b[2J", Version = 1 });

        Assert.DoesNotContain('\u001b', Refused(model, "the unknown domain 'evil\\u001b[2J'"));
    }

    [TestMethod]
    [DataRow(long.MaxValue)]
    [DataRow(1L << 40)]
    [DataRow(-7L)]
    public void Input_of_an_impossible_length_is_refused(long length)
    {
        var model = ForeignModel.Affine();
        model.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = length;

        Refused(model, "impossible shape");
    }

    [TestMethod]
    [DataRow(new long[] { 1L << 31, 1L << 20 }, "does not have that many values")]
    [DataRow(new long[] { 1L << 62, 1L << 62 }, "impossible shape")]
    [DataRow(new long[] { -1 }, "impossible shape")]
    [DataRow(new long[] { 3 }, "does not have that many values")]
    public void Weight_of_a_shape_that_its_bytes_do_not_back_is_refused(long[] shape, string reason)
    {
        var model = ForeignModel.Affine();
        model.Graph.Initializer[0].Dims.Clear();
        model.Graph.Initializer[0].Dims.Add(shape);

        Refused(model, reason);
    }

    [TestMethod]
    public void Weight_without_any_bytes_cannot_claim_memory()
    {
        var model = ForeignModel.Affine();
        model.Graph.Initializer[0] = new TensorProto
        {
            Name = model.Graph.Initializer[0].Name,
            DataType = (int)DataType.Float,
            Dims = { 1L << 34 },
        };

        Refused(model, "does not have that many values");
    }

    [TestMethod]
    [DataRow("ConstantOfShape")]
    [DataRow("Expand")]
    [DataRow("Tile")]
    public void Few_bytes_that_unfold_into_terabytes_are_refused(string operation)
    {
        var model = ForeignModel.Affine();
        model.Graph.Initializer.Add(Shape("bomb/shape", 1L << 20, 1L << 20));
        var bomb = new NodeProto
        {
            Name = "bomb",
            OpType = operation,
            Output = { "bomb:" },
        };
        bomb.Input.Add(operation == "ConstantOfShape" ? ["bomb/shape"] : [model.Graph.Initializer[0].Name, "bomb/shape"]);
        model.Graph.Node.Add(bomb);

        Refused(model, "makes a tensor of 1,099,511,627,776 values out of nothing");
    }

    [TestMethod]
    [DataRow("numbers")]
    [DataRow("attribute")]
    [DataRow("random")]
    public void Bomb_is_found_wherever_the_format_lets_its_shape_be_written(string place)
    {
        var model = ForeignModel.Affine();
        var bomb = new NodeProto
        {
            Name = "bomb",
            OpType = "ConstantOfShape",
            Input = { "bomb/shape" },
            Output = { "bomb:" },
        };
        var sides = new AttributeProto
        {
            Name = place == "random" ? "shape" : "value_ints",
            Type = AttributeType.Ints,
            Ints = { 1L << 20, 1L << 20 },
        };
        if (place == "numbers")
            model.Graph.Initializer.Add(
                new TensorProto
                {
                    Name = "bomb/shape",
                    DataType = (int)DataType.Int64,
                    Dims = { 2 },
                    Int64Data = { sides.Ints },
                }
            );
        else if (place == "attribute")
            model.Graph.Node.Add(
                new NodeProto
                {
                    OpType = "Constant",
                    Output = { "bomb/shape" },
                    Attribute = { sides },
                }
            );
        else
            bomb = new NodeProto
            {
                Name = "bomb",
                OpType = "RandomNormal",
                Output = { "bomb:" },
                Attribute = { sides },
            };
        model.Graph.Node.Add(bomb);

        Refused(model, "makes a tensor of 1,099,511,627,776 values out of nothing");
    }

    [TestMethod]
    public void Bomb_in_a_constant_node_of_a_nested_graph_is_found()
    {
        var model = ForeignModel.Affine();
        var shape = new NodeProto
        {
            OpType = "Constant",
            Output = { "shape" },
            Attribute =
            {
                new AttributeProto { Name = "value", T = Shape("", 1L << 40) },
            },
        };
        var bomb = new NodeProto
        {
            Name = "inner",
            OpType = "ConstantOfShape",
            Input = { "shape" },
            Output = { "bomb:" },
        };
        var branch = new GraphProto { Node = { shape, bomb } };
        model.Graph.Node.Add(
            new NodeProto
            {
                OpType = "If",
                Attribute =
                {
                    new AttributeProto
                    {
                        Name = "then_branch",
                        Type = AttributeType.Graph,
                        G = branch,
                    },
                },
            }
        );

        Refused(model, "'inner' (ConstantOfShape)");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Bomb_behind_an_honest_constant_of_its_name_is_found(bool isHonestFirst)
    {
        var model = ForeignModel.Affine();
        foreach (var side in isHonestFirst ? (long[])[1, 1L << 40] : [1L << 40, 1])
        {
            var bomb = new NodeProto
            {
                Name = "inner",
                OpType = "ConstantOfShape",
                Input = { "shape" },
                Output = { "bomb:" },
            };
            var branch = new GraphProto { Initializer = { Shape("shape", side) }, Node = { bomb } };
            model.Graph.Node.Add(
                new NodeProto
                {
                    OpType = "If",
                    Attribute =
                    {
                        new AttributeProto
                        {
                            Name = "then_branch",
                            Type = AttributeType.Graph,
                            G = branch,
                        },
                    },
                }
            );
        }

        Refused(model, "makes a tensor of 1,099,511,627,776 values out of nothing");
    }

    [TestMethod]
    public void Shape_that_lies_in_another_file_is_refused()
    {
        var model = ForeignModel.Affine();
        var shape = Shape("bomb/shape", 1L << 40);
        var bytes = shape.RawData.ToByteArray();
        (shape.RawData, shape.DataLocation) = (ByteString.Empty, TensorProto.Types.DataLocation.External);
        shape.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });
        model.Graph.Initializer.Add(shape);
        model.Graph.Node.Add(
            new NodeProto
            {
                Name = "bomb",
                OpType = "ConstantOfShape",
                Input = { "bomb/shape" },
                Output = { "bomb:" },
            }
        );

        Refused(
            model,
            "'bomb' (ConstantOfShape) takes the shape of a tensor from another file",
            folder => File.WriteAllBytes(folder["weights.bin"], bytes)
        );
    }

    [TestMethod]
    public void Circle_of_nodes_is_refused()
    {
        var model = ForeignModel.Affine();
        model.Graph.Node[0].Input[0] = model.Graph.Node[1].Output[0];

        Refused(model, "model.onnx");
    }

    [TestMethod]
    public void Node_that_reads_what_nobody_makes_is_refused()
    {
        var model = ForeignModel.Affine();
        model.Graph.Node[0].Input[0] = "phantom";

        Refused(model, "model.onnx");
    }

    [TestMethod]
    public void Two_values_of_one_name_are_refused()
    {
        var model = ForeignModel.Affine();
        model.Graph.Node[1].Output[0] = model.Graph.Node[0].Output[0];

        Refused(model, "model.onnx");
    }

    [TestMethod]
    public void External_weight_shorter_than_its_shape_is_refused()
    {
        var model = ForeignModel.Affine();
        var tensor = model.Graph.Initializer[0];
        (tensor.RawData, tensor.DataLocation) = (ByteString.Empty, TensorProto.Types.DataLocation.External);
        tensor.Dims.Add(1L << 20);
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });

        Refused(model, "end before the tensor does", folder => File.WriteAllBytes(folder["weights.bin"], new byte[4]));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Pipe_beside_the_model_is_no_weights_and_is_not_waited_for()
    {
        var model = ForeignModel.Affine();
        var tensor = model.Graph.Initializer[0];
        (tensor.RawData, tensor.DataLocation) = (ByteString.Empty, TensorProto.Types.DataLocation.External);
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });

        Refused(model, "not a regular file", folder => Assert.AreEqual(0, mkfifo(folder["weights.bin"], 0x1B6)));
    }

    [TestMethod]
    public void Loop_that_ends_is_run_to_its_end()
    {
        using var folder = new TemporaryFolder();

        Assert.AreSequenceEqual([7f, 7f, 7f], Scored(folder, ForeignModel.Loop(trips: 7)));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Loop_that_never_ends_is_left_when_scoring_is_cancelled(bool isProbed)
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var model = ForeignModel.Loop(trips: 1L << 62);
        // Without a shape in the file the output's is found by a run on zeros, before any row is read.
        if (isProbed)
            model.Graph.Output[0].Type.TensorType.Shape.Dim[1] = new() { DimParam = "C" };
        cancellation.CancelAfter(TimeSpan.FromMilliseconds(300));

        Assert.Throws<OperationCanceledException>(() => Scored(folder, model, cancellation.Token));
        // The process, and ONNX Runtime in it, go on as if nothing had been.
        Assert.AreSequenceEqual([2f, 2f, 2f], Scored(folder, ForeignModel.Loop(trips: 2)));
    }

    [TestMethod]
    public void Tensor_that_no_memory_holds_is_an_exception_of_that_batch()
    {
        using var folder = new TemporaryFolder();
        var model = ForeignModel.Affine();
        // The shape is computed, so no look at the file tells its size.
        model.Graph.Initializer.Add(Shape("side", 1L << 40));
        model.Graph.Node.Insert(
            0,
            new NodeProto
            {
                OpType = "Mul",
                Input = { "side", "side2" },
                Output = { "shape" },
            }
        );
        model.Graph.Initializer.Add(Shape("side2", 1L << 10));
        model.Graph.Node.Insert(
            1,
            new NodeProto
            {
                OpType = "ConstantOfShape",
                Input = { "shape" },
                Output = { "bomb" },
            }
        );
        model.Graph.Node.Insert(
            2,
            new NodeProto
            {
                OpType = "ReduceMax",
                Input = { "bomb" },
                Output = { "largest" },
            }
        );
        model.Graph.Node.Add(
            new NodeProto
            {
                OpType = "Add",
                Input = { "probs", "largest" },
                Output = { "sum" },
            }
        );
        model.Graph.Output[0].Name = "sum";

        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => Scored(folder, model)).Message, "failed on a batch of 1 rows");
    }

    [TestMethod]
    public void Functions_of_an_honest_model_are_welcome()
    {
        using var folder = new TemporaryFolder();
        var model = ForeignModel.Affine();
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "mine", Version = 1 });
        var function = Function("Twice", "Identity", "Identity");
        model.Functions.Add(function);

        ModelLimits.ThrowIfExceeded(model, ForeignModel.Write(model, folder["model.onnx"]));
    }

    /// <summary>What the model makes of a row of zeros.</summary>
    static float[] Scored(TemporaryFolder folder, ModelProto model, CancellationToken cancellation = default)
    {
        var context = new MLContext();
        var rows = context.Data.LoadFromEnumerable(new[] { new Zeros() });
        var options = new OnnxBatchEstimator.Options
        {
            InputColumnName = "Values",
            ModelFile = ForeignModel.Write(model, folder["model.onnx"]),
            Cancellation = cancellation,
        };
        using var transformer = context.Scoring.OnnxBatch(options).Fit(rows);
        return transformer.Transform(rows).GetColumn<float[]>("Score").Single();
    }

    sealed class Zeros
    {
        [VectorType(3)]
        public float[] Values { get; set; } = [0, 0, 0];
    }

    static string Refused(ModelProto model, string reason, Action<TemporaryFolder>? prepare = null)
    {
        using var folder = new TemporaryFolder();
        prepare?.Invoke(folder);
        var path = ForeignModel.Write(model, folder["model.onnx"]);
        var message = Assert.ThrowsExactly<InvalidDataException>(() => new MLContext().Scoring.OnnxBatch("Score", "Values", path)).Message;
        StringAssert.Contains(message, reason);
        return message;
    }

    static ModelProto Calling(string function)
    {
        var model = ForeignModel.Affine();
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "mine", Version = 1 });
        var node = model.Graph.Node[0];
        node.OpType = function;
        node.Domain = "mine";
        return model;
    }

    static FunctionProto Function(string name, params string[] calls)
    {
        var function = new FunctionProto { Name = name, Domain = "mine" };
        for (var call = 0; call < calls.Length; call++)
            function.Node.Add(
                new NodeProto
                {
                    OpType = calls[call],
                    Domain = calls[call] == "Identity" ? "" : "mine",
                    Input = { "x" },
                    Output = { $"y{call}" },
                }
            );
        return function;
    }

    static TensorProto Shape(string name, params long[] values) =>
        new()
        {
            Name = name,
            DataType = (int)DataType.Int64,
            Dims = { values.Length },
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(values)),
        };

    [
        DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true),
        DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)
    ]
    static extern int mkfifo(string path, uint mode);
}
