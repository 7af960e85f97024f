using System.Runtime.InteropServices;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.Neftune;
using NoisyNN.Transforms.Noise.Poisson;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;
using DataType = NoisyNN.Transforms.Onnx.TensorProto.Types.DataType;

namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>
/// Noise on pixels as ONNX nodes. Linear transforms are exact. ONNX's random operators draw random families anew at every run.
/// </summary>
static class NoiseGraph
{
    /// <summary>The pixels with the noise.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="pixels">[N, C, H, W]</param>
    /// <param name="noise">The family and its parameters.</param>
    /// <param name="shape">The shape of the pixels, the batch first.</param>
    /// <exception cref="NotSupportedException">ONNX has no operators for the noise.</exception>
    public static GraphValue Noise(this GraphBuilder graph, GraphValue pixels, NoiseDefinition noise, Dimension[] shape) =>
        noise switch
        {
            LinearTransformNoise { Axis: MixAxis.Batch } mixing => graph.MixBatch(pixels, mixing),
            LinearTransformNoise mixing => graph.Mix(pixels, mixing, shape),
            // The graph's own generator draws anew at every run. A seed could not bind it to a row.
            GaussianNoise gaussian => graph.Clip(
                graph.Node(
                    "Add",
                    [
                        pixels,
                        graph.Node(
                            "RandomNormalLike",
                            [pixels],
                            GraphAttribute.Of("mean", (float)gaussian.Mean),
                            GraphAttribute.Of("scale", (float)gaussian.StandardDeviation)
                        ),
                    ]
                ),
                gaussian
            ),
            UniformNoise uniform => graph.Clip(
                graph.Node(
                    "Add",
                    [
                        pixels,
                        graph.Node(
                            "RandomUniformLike",
                            [pixels],
                            GraphAttribute.Of("low", (float)-uniform.HalfWidth),
                            GraphAttribute.Of("high", (float)uniform.HalfWidth)
                        ),
                    ]
                ),
                uniform
            ),
            NeftuneNoise neftune => graph.Noise(pixels, neftune.ToUniform(LengthOf(shape)), shape),
            LaplaceNoise laplace => graph.Clip(graph.Node("Add", [pixels, graph.Laplace(pixels, laplace)]), laplace),
            SpeckleNoise speckle => graph.Clip(
                graph.Node(
                    "Add",
                    [
                        pixels,
                        graph.Node(
                            "Mul",
                            [
                                pixels,
                                graph.Node(
                                    "RandomNormalLike",
                                    [pixels],
                                    GraphAttribute.Of("mean", 0f),
                                    GraphAttribute.Of("scale", (float)speckle.StandardDeviation)
                                ),
                            ]
                        ),
                    ]
                ),
                speckle
            ),
            SaltAndPepperNoise impulses => graph.SaltAndPepper(pixels, impulses),
            PoissonNoise => throw new NotSupportedException(
                "ONNX has no operator that draws Poisson counts, so poisson noise cannot be "
                    + "put into a graph. Apply it to the column with ml.Noise."
            ),
            _ => throw new NotSupportedException(
                $"{noise.Name} noise cannot be put into an ONNX graph. Apply it to the column with ml.Noise."
            ),
        };

    /// <summary>The number of values of a row.</summary>
    static long LengthOf(Dimension[] shape) =>
        shape.Skip(1).Any(dimension => dimension.Symbol is not null)
            ? throw new NotSupportedException(
                "The strength of NEFTune's noise depends on the size of an image; export without AnyImageSize."
            )
            : shape.Skip(1).Aggregate(1L, (length, dimension) => length * dimension.Length);

    /// <summary>b (ln u - ln v): the difference of two exponential draws.</summary>
    static GraphValue Laplace(this GraphBuilder graph, GraphValue pixels, LaplaceNoise noise)
    {
        var difference = graph.Node("Sub", [graph.Node("Log", [graph.Chance(pixels)]), graph.Node("Log", [graph.Chance(pixels)])]);
        return graph.Node("Mul", [difference, graph.Constant((float)noise.Scale)]);
    }

    static GraphValue SaltAndPepper(this GraphBuilder graph, GraphValue pixels, SaltAndPepperNoise noise)
    {
        var (pepper, salt) = noise.Extremes is { } extremes
            ? (graph.Constant((float)extremes.Low), graph.Constant((float)extremes.High))
            : (graph.Node("Neg", [graph.LargestOfRow(graph.Node("Neg", [pixels]))]), graph.LargestOfRow(pixels));
        var chance = graph.Chance(pixels);
        var peppered = graph.Node(
            "Where",
            [graph.Node("Greater", [chance, graph.Constant((float)(1 - noise.Probability / 2))]), pepper, pixels]
        );
        return graph.Node("Where", [graph.Node("Less", [chance, graph.Constant((float)(noise.Probability / 2))]), salt, peppered]);
    }

    /// <summary>The largest value of each row, [N, 1, 1, 1].</summary>
    static GraphValue LargestOfRow(this GraphBuilder graph, GraphValue pixels) =>
        graph.Node(
            "Reshape",
            [graph.Node("GlobalMaxPool", [graph.Node("Reshape", [pixels, graph.Constant(0L, 1L, -1L)])]), graph.Constant(0L, 1L, 1L, 1L)]
        );

    /// <summary>A uniform number from slightly above 0, so that it has a logarithm, to 1.</summary>
    static GraphValue Chance(this GraphBuilder graph, GraphValue like) =>
        graph.Node("RandomUniformLike", [like], GraphAttribute.Of("low", 1e-9f), GraphAttribute.Of("high", 1f));

    static GraphValue Clip(this GraphBuilder graph, GraphValue value, ClippableNoise noise) =>
        noise.Clip is { } range ? graph.Node("Clip", [value, graph.Constant((float)range.Low), graph.Constant((float)range.High)]) : value;

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
        var values = MemoryMarshal
            .CreateReadOnlySpan(ref mixing.ToMatrix(size)[0, 0], size * size)
            .ToArray()
            .Select(value => (float)value)
            .ToArray();
        var matrix = graph.Weight("input/noise.matrix", values, size, size);
        if (axis == 2)
            return graph.Node("MatMul", [matrix, pixels]);
        // The channels move to the axis of the rows and back.
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
                return graph.Node(
                    "Add",
                    [
                        graph.Node("Mul", [pixels, graph.Constant((float)(1 - shift.Strength))]),
                        graph.Node("Mul", [successors, graph.Constant((float)shift.Strength)]),
                    ]
                );
            case OptimalMixingNoise:
                // (Z + the sum of all) / (k + 1)
                var sum = graph.Node("ReduceSum", [pixels, graph.Constant([0L])], GraphAttribute.Of("keepdims", 1L));
                var count = graph.Node(
                    "Cast",
                    [graph.Node("Shape", [pixels], GraphAttribute.Of("start", 0L), GraphAttribute.Of("end", 1L))],
                    GraphAttribute.Of("to", (long)DataType.Float)
                );
                return graph.Node("Div", [graph.Node("Add", [pixels, sum]), graph.Node("Add", [count, graph.Constant(1f)])]);
            default:
                throw new NotSupportedException(
                    $"{mixing.Name} noise has a matrix of one size, but a batch has any size. Over the "
                        + "batch, an ONNX graph can have circular shift and optimal mixing."
                );
        }
    }
}
