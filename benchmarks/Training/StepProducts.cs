using System.Diagnostics;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Training;

/// <summary>
/// Products of one shape in a training step, forward and backward, alone: the fastest of several ways to compute them. Their sum is a floor
/// for the step.
/// </summary>
/// <param name="Name">What they are in the network.</param>
/// <param name="Count">How many of them a step has.</param>
/// <param name="Shapes">The shapes of both factors.</param>
/// <param name="Ways">How they may be computed.</param>
/// <param name="InputHasGradient">False for what reads the pixels.</param>
sealed record StepProducts(
    string Name,
    int Count,
    (long[] Input, long[] Weight) Shapes,
    IReadOnlyList<Func<Tensor, Tensor, Tensor>> Ways,
    bool InputHasGradient = true
)
{
    const int Repetitions = 5;

    /// <summary>Those of our transformer, whose last block computes the class token alone.</summary>
    public static IReadOnlyList<StepProducts> Of(NoisyViTConfiguration network)
    {
        long batch = OwnStep.BatchSize,
            dimension = network.Dimension,
            hidden = network.MlpDimension,
            tokens = network.TokenCount,
            headSize = network.Dimension / network.Heads;
        var (rows, full, heads) = (batch * tokens, network.Depth - 1, batch * network.Heads);
        var patch = network.PatchSize * network.PatchSize * network.Channels;
        return
        [
            Linear("patches", 1, batch * (tokens - 1), patch, dimension, inputHasGradient: false),
            Linear("queries, keys, values", full, rows, dimension, 3 * dimension),
            Batched("scores", full, [heads, tokens, headSize], [heads, headSize, tokens]),
            Batched("mixtures", full, [heads, tokens, tokens], [heads, tokens, headSize]),
            Linear("attention's output", full, rows, dimension, dimension),
            Linear("expansion", full, rows, dimension, hidden),
            Linear("contraction", full, rows, hidden, dimension),
            Linear("last keys, values", 1, rows, dimension, 2 * dimension),
            Batched("last scores", 1, [heads, 1, headSize], [heads, headSize, tokens]),
            Batched("last mixtures", 1, [heads, 1, tokens], [heads, tokens, headSize]),
            Linear("last queries, output", 2, batch, dimension, dimension),
            Linear("last expansion", 1, batch, dimension, hidden),
            Linear("last contraction", 1, batch, hidden, dimension),
            Linear("head", 1, batch, dimension, network.ClassCount),
        ];
    }

    /// <summary>Those of a ResNet-18 with the small stem.</summary>
    public static IReadOnlyList<StepProducts> Of(NoisyResNetConfiguration network)
    {
        var products = new List<StepProducts>
        {
            Convolution("stem", 1, network.Channels, network.Width, network.ImageSize, 3, 1, inputHasGradient: false),
        };
        var (size, inputs) = (network.ImageSize, network.Width);
        for (var stage = 0; stage < 4; stage++)
        {
            var outputs = network.OutputWidth(stage);
            var stride = stage == 0 ? 1 : 2;
            if (stride == 2)
            {
                products.Add(Convolution($"stage {stage}, halving", 1, inputs, outputs, size, 3, 2));
                products.Add(Convolution($"stage {stage}, shortcut", 1, inputs, outputs, size, 1, 2));
                size = (size + 1) / 2;
            }
            products.Add(Convolution($"stage {stage}", stride == 2 ? 3 : 4, outputs, outputs, size, 3, 1));
            inputs = outputs;
        }
        products.Add(Linear("head", 1, OwnStep.BatchSize, network.FeatureCount, network.ClassCount));
        return products;
    }

    /// <summary>The floor: all of a step's products at their fastest.</summary>
    public static double Milliseconds(IReadOnlyList<StepProducts> products, Precision precision) =>
        products.Sum(product => product.Count * product.Fastest(precision));

    /// <summary>The shortest time of one product, forward and backward, ms.</summary>
    public double Fastest(Precision precision)
    {
        using var scope = NewDisposeScope();
        var type = precision == Precision.Float32 ? ScalarType.Float32 : ScalarType.BFloat16;
        var (input, weight) = (Random(Shapes.Input, InputHasGradient), Random(Shapes.Weight, hasGradient: true));
        var fastest = double.PositiveInfinity;
        foreach (var way in Ways)
            for (var repetition = 0; repetition <= Repetitions; repetition++)
            {
                using var inner = NewDisposeScope();
                var start = Stopwatch.GetTimestamp();
                var output = way(input, weight);
                var forward = Stopwatch.GetElapsedTime(start);
                var gradient = empty_like(output).fill_(0.5);
                start = Stopwatch.GetTimestamp();
                _ = autograd.grad([output], InputHasGradient ? [input, weight] : [weight], [gradient]);
                if (repetition > 0) // the first makes room
                    fastest = Math.Min(fastest, (forward + Stopwatch.GetElapsedTime(start)).TotalMilliseconds);
            }
        return fastest;

        Tensor Random(long[] shape, bool hasGradient) => randn(shape).to_type(type).requires_grad_(hasGradient);
    }

    static StepProducts Linear(string name, int count, long rows, long inputs, long outputs, bool inputHasGradient = true) =>
        new(
            name,
            count,
            ([rows, inputs], [outputs, inputs]),
            [
                (input, weight) => nn.functional.linear(input, weight),
                (input, weight) =>
                    nn.functional.conv2d(
                        input.reshape(16, rows / 16, 1, inputs).permute(0, 3, 1, 2),
                        weight.reshape(outputs, inputs, 1, 1)
                    ),
            ],
            inputHasGradient
        );

    static StepProducts Batched(string name, int count, long[] left, long[] right) =>
        new(name, count, (left, right), [(input, weight) => input.bmm(weight)]);

    static StepProducts Convolution(
        string name,
        int count,
        long inputs,
        long outputs,
        long size,
        long kernel,
        long stride,
        bool inputHasGradient = true
    ) =>
        new(
            name,
            count,
            ([OwnStep.BatchSize, inputs, size, size], [outputs, inputs, kernel, kernel]),
            [
                (input, weight) => nn.functional.conv2d(input, weight, strides: [stride, stride], padding: [kernel / 2, kernel / 2]),
                (input, weight) =>
                    nn.functional.conv2d(
                        ChannelsLast(input),
                        ChannelsLast(weight),
                        strides: [stride, stride],
                        padding: [kernel / 2, kernel / 2]
                    ),
            ],
            inputHasGradient
        );

    static Tensor ChannelsLast(Tensor tensor) => tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}
