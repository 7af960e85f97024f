using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Tests.RealFiles.Hostile;
using NoisyNN.Transforms.Onnx;
using NoisyNN.Transforms.Onnx.Isolation;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.RealFiles.Models;

/// <summary>
/// Random operators with random inputs and attributes: whatever they do to their process, this one gets a score or a refusal.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class HostileOperatorTests
{
    static int ModelCount => Math.Max(60, HostileCorpus.Count);

    static readonly ModelIsolation s_limits = new() { MemoryLimit = 1L << 30, BatchTime = TimeSpan.FromSeconds(20) };

    static readonly NodeProto[] s_templates =
    [
        RawModel.Node("DepthToSpace", ["image"], ["o"], GraphAttribute.Of("blocksize", 2L)),
        RawModel.Node("SpaceToDepth", ["image"], ["o"], GraphAttribute.Of("blocksize", 1L)),
        RawModel.Node("OneHot", ["indices", "depth", "values"], ["o"], GraphAttribute.Of("axis", -1L)),
        RawModel.Node("Gather", ["x", "indices"], ["o"], GraphAttribute.Of("axis", 1L)),
        RawModel.Node("GatherElements", ["x", "indices"], ["o"], GraphAttribute.Of("axis", 1L)),
        RawModel.Node("GatherND", ["x", "indices"], ["o"], GraphAttribute.Of("batch_dims", 1L)),
        RawModel.Node("Conv", ["image", "kernel"], ["o"], GraphAttribute.Of("group", 1L), GraphAttribute.Of("strides", [1L, 1L])),
        RawModel.Node(
            "MaxPool",
            ["image"],
            ["o"],
            GraphAttribute.Of("kernel_shape", [1L, 1L]),
            GraphAttribute.Of("pads", [0L, 0L, 0L, 0L])
        ),
        RawModel.Node("AveragePool", ["image"], ["o"], GraphAttribute.Of("kernel_shape", [1L, 1L]), GraphAttribute.Of("strides", [1L, 1L])),
        RawModel.Node("Pad", ["x", "pads"], ["o"]),
        RawModel.Node("Slice", ["x", "depth", "pads"], ["o"]),
        RawModel.Node("TopK", ["x", "depth"], ["o", "places"], GraphAttribute.Of("axis", 1L)),
        RawModel.Node("CumSum", ["x", "depth"], ["o"]),
        RawModel.Node("Tile", ["x", "repeats"], ["o"]),
        RawModel.Node("Unsqueeze", ["x", "depth"], ["o"]),
        RawModel.Node("LpPool", ["image"], ["o"], GraphAttribute.Of("kernel_shape", [1L, 1L]), GraphAttribute.Of("p", 2L)),
        RawModel.Node("com.microsoft:Attention", ["sequence", "weights", "bias"], ["o"], GraphAttribute.Of("num_heads", 1L)),
        RawModel.Node("com.microsoft:SkipLayerNormalization", ["sequence", "sequence", "gamma", "gamma"], ["o"]),
        RawModel.Node("com.microsoft:FusedConv", ["image", "kernel"], ["o"], GraphAttribute.Of("group", 1L)),
        RawModel.Node(
            "com.microsoft:MultiHeadAttention",
            ["sequence", "sequence", "sequence", "bias"],
            ["o"],
            GraphAttribute.Of("num_heads", 1L)
        ),
    ];

    static readonly string[] s_values = ["x", "image", "indices", "depth", "none", "huge", "negative", "empty", "weights", ""];

    static readonly long[] s_numbers = [0, -1, 3, 1 << 20, 1L << 40, 1L << 62, long.MinValue];

    /// <summary>For what is printed.</summary>
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Random_operators_are_scored_or_refused_and_this_process_lives()
    {
        var random = new Random(12);
        var (scored, refused, died) = (0, 0, new List<string>());
        for (var index = 0; index < ModelCount; index++)
        {
            using var folder = new TemporaryFolder();
            var model = Random(random);
            try
            {
                RawModel.Score(folder, model, RawModel.Rows(3, 4), s_limits);
                scored++;
            }
            catch (ModelProcessException ended)
            {
                died.Add($"{model.Graph.Node[^2].OpType}: {ended.Reason}");
            }
            catch (Exception refusal)
                when (refusal is InvalidDataException or NotSupportedException or InvalidOperationException or ArgumentException)
            {
                Assert.Contains("model.onnx", refusal.Message);
                refused++;
            }
        }

        TestContext.WriteLine($"{ModelCount} models: {scored} scored, {refused} refused, {died.Count} ended their process");
        foreach (var line in died)
            TestContext.WriteLine(line);
        Assert.AreEqual(ModelCount, scored + refused + died.Count);
        Assert.IsGreaterThan(0, scored, "some are harmless");
        Assert.IsNotEmpty(died, "some are not");
    }

    /// <summary>An operator that is right but for one or two of its inputs or attributes.</summary>
    static ModelProto Random(Random random)
    {
        var node = Pick(random, s_templates).Clone();
        for (var change = random.Next(1, 3); change > 0; change--)
            Spoil(node, random);
        return RawModel.Model(
            [RawModel.Tensor("x", DataType.Float, "N", 4)],
            [RawModel.Tensor("y", DataType.Float, "N", "K")],
            [
                RawModel.Node("Reshape", ["x", "four"], ["image"]),
                RawModel.Node("Reshape", ["x", "three"], ["sequence"]),
                RawModel.Node("Cast", ["x"], ["indices"], GraphAttribute.Of("to", (long)DataType.Int64)),
                node,
                RawModel.Node("Flatten", ["o"], ["y"]),
            ],
            RawModel.Longs("four", [4], -1, 4, 1, 1),
            RawModel.Longs("three", [3], -1, 1, 4),
            RawModel.Longs("depth", [1], 1),
            RawModel.Longs("pads", [4], 0, 1, 0, 1),
            RawModel.Longs("repeats", [2], 1, 2),
            RawModel.Longs("none", [0]),
            RawModel.Longs("huge", [2], 1L << 40, 1L << 62),
            RawModel.Longs("negative", [1], -5),
            RawModel.Floats("empty", [0, 4]),
            RawModel.Floats("values", [2], 0, 1),
            RawModel.Floats("gamma", [4], 1, 1, 1, 1),
            RawModel.Floats("bias", [12], new float[12]),
            RawModel.Floats("kernel", [2, 4, 1, 1], new float[8]),
            RawModel.Floats("weights", [4, 12], new float[48])
        );
    }

    static void Spoil(NodeProto node, Random random)
    {
        switch (random.Next(3))
        {
            case 0 when node.Input.Count > 1:
                node.Input.RemoveAt(node.Input.Count - 1);
                break;
            case 1 when node.Attribute.Count > 0:
                var attribute = Pick(random, [.. node.Attribute]);
                if (attribute.Ints.Count > 0)
                    attribute.Ints[random.Next(attribute.Ints.Count)] = Pick(random, s_numbers);
                else
                    attribute.I = Pick(random, s_numbers);
                break;
            default:
                node.Input[random.Next(node.Input.Count)] = Pick(random, s_values);
                break;
        }
    }

    static T Pick<T>(Random random, T[] items) => items[random.Next(items.Length)];
}
