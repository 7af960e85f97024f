using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Tests.Onnx.Scoring;
using NoisyNN.Transforms.Onnx;
using static NoisyNN.Tests.RealFiles.Models.RawModel;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Tests.RealFiles.Models;

/// <summary>Small files that pass every check and harm the process that runs them. All take rows of 4 values.</summary>
static class HostileModels
{
    public static ModelProto Of(string kind) =>
        kind switch
        {
            "DepthToSpace with a block of 2^62" => DepthToSpace(),
            "OneHot with an empty depth" => OneHot(),
            "Attention without a bias" => Attention(),
            "ConstantOfShape of a computed shape" => ConstantOfShape(),
            "Expand to a computed shape" => Expand(),
            "constants that unfold while loading" => Unfolding(),
            "a loop without an end" => ForeignLoop(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };

    static ModelProto DepthToSpace() =>
        Model(
            [Tensor("x", DataType.Float, "N", 4)],
            [Tensor("y", DataType.Float, "N", "K")],
            [
                Node("Reshape", ["x", "image"], ["i"]),
                Node("DepthToSpace", ["i"], ["d"], GraphAttribute.Of("blocksize", 1L << 62)),
                Node("Flatten", ["d"], ["y"]),
            ],
            Longs("image", [4], -1, 4, 1, 1)
        );

    static ModelProto OneHot() =>
        Model(
            [Tensor("x", DataType.Float, "N", 4)],
            [Tensor("y", DataType.Float, "N", "K")],
            [
                Node("Cast", ["x"], ["i"], GraphAttribute.Of("to", (long)DataType.Int64)),
                Node("OneHot", ["i", "depth", "values"], ["o"]),
                Node("Flatten", ["o"], ["y"]),
            ],
            Longs("depth", [0]),
            Floats("values", [2], 0, 1)
        );

    static ModelProto Attention() =>
        Model(
            [Tensor("x", DataType.Float, "N", 4)],
            [Tensor("y", DataType.Float, "N", "K")],
            [
                Node("Reshape", ["x", "sequence"], ["s"]),
                Node("com.microsoft:Attention", ["s", "weights"], ["a"], GraphAttribute.Of("num_heads", 1L)),
                Node("Flatten", ["a"], ["y"]),
            ],
            Longs("sequence", [3], -1, 1, 4),
            Floats("weights", [4, 12], new float[48])
        );

    // 2^35 bytes, touched one by one. The shape depends on the rows, so that it is not known while loading.
    static ModelProto ConstantOfShape() =>
        Model(
            [Tensor("x", DataType.Float, "N", 4)],
            [Tensor("y", DataType.Float, "N", 4)],
            [
                Node("Shape", ["x"], ["n"]),
                Node("Mul", ["n", "large"], ["shape"]),
                Node("ConstantOfShape", ["shape"], ["bomb"]),
                Node("ReduceMax", ["bomb"], ["most"], GraphAttribute.Of("keepdims", 0L)),
                Node("Add", ["x", "most"], ["y"]),
            ],
            Longs("large", [2], 1L << 20, 1L << 11)
        );

    static ModelProto Expand() =>
        Model(
            [Tensor("x", DataType.Float, "N", 4)],
            [Tensor("y", DataType.Float, "N", 4)],
            [
                Node("Shape", ["x"], ["n"]),
                Node("Mul", ["n", "large"], ["shape"]),
                Node("ReduceMax", ["x"], ["one"], GraphAttribute.Of("keepdims", 0L)),
                Node("Expand", ["one", "shape"], ["bomb"]),
                Node("ReduceMax", ["bomb"], ["most"], GraphAttribute.Of("keepdims", 0L)),
                Node("Add", ["x", "most"], ["y"]),
            ],
            Longs("large", [2], 1L << 20, 1L << 11)
        );

    /// <summary>A vector that 33 nodes double: ONNX Runtime computes constants while it loads a model.</summary>
    static ModelProto Unfolding() =>
        Model(
            [Tensor("x", DataType.Float, "N", 4)],
            [Tensor("y", DataType.Float, "N", 4)],
            [
                .. Enumerable
                    .Range(0, 33)
                    .Select(step => Node("Concat", [$"c{step}", $"c{step}"], [$"c{step + 1}"], GraphAttribute.Of("axis", 0L))),
                Node("ReduceMax", ["c33"], ["most"], GraphAttribute.Of("keepdims", 0L)),
                Node("Add", ["x", "most"], ["y"]),
            ],
            Floats("c0", [4], 1, 2, 3, 4)
        );

    static ModelProto ForeignLoop()
    {
        var loop = ForeignModel.Loop(trips: 1L << 62);
        foreach (var value in loop.Graph.Input.Concat(loop.Graph.Output).Concat(loop.Graph.Node[0].Attribute[0].G.Input.Skip(2)))
            value.Type.TensorType.Shape.Dim[1].DimValue = 4;
        loop.Graph.Node[0].Attribute[0].G.Output[1].Type.TensorType.Shape.Dim[1].DimValue = 4;
        return loop;
    }
}
