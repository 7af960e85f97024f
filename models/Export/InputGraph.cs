using System.Runtime.InteropServices;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Onnx;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Export;

/// <summary>What a file does with its pixels before the network's own graph sees them: bytes to planar floats, and noise where it is asked for.</summary>
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
        var shape = input.Type.TensorType.Shape.Dim.Select(dimension =>
            dimension.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam ? dimension.DimParam : (Dimension)dimension.DimValue).ToArray();
        var builder = new GraphBuilder("input").Scope("input");
        var pixels = options.PixelInput == PixelInput.FloatPlanar
            ? builder.Input(input.Name, DataType.Float, shape)
            : builder.Planar(builder.Input(input.Name, DataType.Uint8, shape[0], shape[2], shape[3], shape[1]));
        if (options.InputNoiseScope == NoiseScope.Always)
            pixels = builder.Scope("noise").Noise(pixels, options.InputNoise!, shape);
        builder.Output(Prepared, pixels, DataType.Float, shape);
        Merge(graph, builder.ToGraph());
    }

    static GraphValue Planar(this GraphBuilder graph, GraphValue bytes) =>
        graph.Node("Cast", [graph.Node("Transpose", [bytes], GraphAttribute.Of("perm", 0, 3, 1, 2))], GraphAttribute.Of("to", (long)DataType.Float));

    static GraphValue Noise(this GraphBuilder graph, GraphValue pixels, NoiseDefinition noise, Dimension[] shape) => noise switch
    {
        LinearTransformNoise { Axis: MixAxis.Batch } mixing => graph.MixBatch(pixels, mixing),
        LinearTransformNoise mixing => graph.Mix(pixels, mixing, shape),
        // The graph's own generator draws anew at every run; there is no seed that would tie it to a row.
        GaussianNoise gaussian => graph.Clip(graph.Node("Add", [pixels, graph.Node("RandomNormalLike", [pixels],
            GraphAttribute.Of("mean", (float)gaussian.Mean), GraphAttribute.Of("scale", (float)gaussian.StandardDeviation))]), gaussian),
        UniformNoise uniform => graph.Clip(graph.Node("Add", [pixels, graph.Node("RandomUniformLike", [pixels],
            GraphAttribute.Of("low", (float)-uniform.HalfWidth), GraphAttribute.Of("high", (float)uniform.HalfWidth))]), uniform),
        _ => throw new NotSupportedException($"{noise.Name} noise cannot be put into an ONNX graph; linear transforms, gaussian and uniform noise can. Apply it to the column with ml.Noise."),
    };

    static GraphValue Clip(this GraphBuilder graph, GraphValue value, ClippableNoise noise) => noise.Clip is { } range
        ? graph.Node("Clip", [value, graph.Constant((float)range.Low), graph.Constant((float)range.High)])
        : value;

    /// <summary>(I+Q)Z along an axis of the image, as one matrix product.</summary>
    static GraphValue Mix(this GraphBuilder graph, GraphValue pixels, LinearTransformNoise mixing, Dimension[] shape)
    {
        var axis = mixing.Axis switch
        {
            MixAxis.SpatialRows => 2,
            MixAxis.Channels => 1,
            _ => throw new NotSupportedException($"{mixing.Name} noise mixes {mixing.Axis}, which an image lacks."),
        };
        if (shape[axis].Symbol is not null)
            throw new NotSupportedException("Noise that mixes pixel rows needs images of one size; export without AnyImageSize.");
        var size = (int)shape[axis].Length;
        mixing.ThrowIfSingular(size);
        var values = MemoryMarshal.CreateReadOnlySpan(ref mixing.ToMatrix(size)[0, 0], size * size).ToArray().Select(value => (float)value).ToArray();
        var matrix = graph.Weight("input/noise.matrix", values, size, size);
        if (axis == 2)
            return graph.Node("MatMul", [matrix, pixels]);
        // The channels take the place of the rows and come back.
        var turned = graph.Node("Transpose", [pixels], GraphAttribute.Of("perm", 0, 2, 1, 3));
        return graph.Node("Transpose", [graph.Node("MatMul", [matrix, turned])], GraphAttribute.Of("perm", 0, 2, 1, 3));
    }

    /// <summary>The same over the rows of a batch of any size.</summary>
    static GraphValue MixBatch(this GraphBuilder graph, GraphValue pixels, LinearTransformNoise mixing)
    {
        switch (mixing)
        {
            case CircularShiftNoise shift:
                var rest = graph.Node("Slice", [pixels, graph.Constant([1L]), graph.Constant([long.MaxValue]), graph.Constant([0L])]);
                var first = graph.Node("Slice", [pixels, graph.Constant([0L]), graph.Constant([1L]), graph.Constant([0L])]);
                var successors = graph.Node("Concat", [rest, first], GraphAttribute.Of("axis", 0));
                return graph.Node("Add", [graph.Node("Mul", [pixels, graph.Constant((float)(1 - shift.Strength))]), graph.Node("Mul", [successors, graph.Constant((float)shift.Strength)])]);
            case OptimalMixingNoise:
                // (Z + the sum of all) / (k + 1)
                var sum = graph.Node("ReduceSum", [pixels, graph.Constant([0L])], GraphAttribute.Of("keepdims", 1L));
                var count = graph.Node("Cast", [graph.Node("Shape", [pixels], GraphAttribute.Of("start", 0L), GraphAttribute.Of("end", 1L))], GraphAttribute.Of("to", (long)DataType.Float));
                return graph.Node("Div", [graph.Node("Add", [pixels, sum]), graph.Node("Add", [count, graph.Constant(1f)])]);
            default:
                throw new NotSupportedException($"{mixing.Name} noise over the batch cannot be put into an ONNX graph; circular shift and optimal mixing can.");
        }
    }

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
