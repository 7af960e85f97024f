using System.Diagnostics;
using System.Globalization;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Rows;
using NoisyNN.Models.Training.Process;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Training;

/// <summary>
/// What our step of the micro ViT is made of: its parts alone, forward and backward, in float32 and in bfloat16, beside the whole step.
/// Where several parts want the cache, the step takes longer than their sum.
/// </summary>
static class StepParts
{
    const int Repetitions = 15;

    public static void Print()
    {
        manual_seed(1);
        var rows = RandomImages.Rows(OwnStep.BatchSize);
        Console.WriteLine($"{"ms, median of " + Repetitions, -44} {"float32", 9} {"bfloat16", 9}");
        var single = Measure(Precision.Float32, rows);
        var brief = PrecisionSupport.ReasonOnProcessor() is null ? Measure(Precision.Bfloat16, rows) : null;
        for (var index = 0; index < single.Count; index++)
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{single[index].Name, -44} {single[index].Milliseconds, 9:0.0} {brief?[index].Milliseconds, 9:0.0}"
                )
            );
    }

    static List<(string Name, double Milliseconds)> Measure(Precision precision, RowStore rows)
    {
        using var step = new OwnStep(TrainingStep.Transformer.Create(), precision, rows);
        using var scope = NewDisposeScope();
        var network = TrainingStep.Transformer;
        long batch = OwnStep.BatchSize,
            tokens = network.TokenCount,
            dimension = network.Dimension;
        var attention = Prepared(new Attention(network.Dimension, network.Heads), precision);
        var perceptron = Prepared(new Mlp(network.Dimension, network.MlpDimension), precision);
        var norm = nn.LayerNorm([dimension], eps: TransformerBlock.NormEpsilon);
        var (full, classTokens) = (Random(batch, tokens, dimension), Random(batch, 1, dimension));
        var products = StepProducts
            .Of(network)
            .ToDictionary(product => product.Name, product => product.Count * product.Fastest(precision));
        var inAttention = products
            .Where(product => product.Key.Contains("scores") || product.Key.Contains("mixtures"))
            .Sum(product => product.Value);
        var logits = Random(batch, network.ClassCount);
        var classes = step.Rows.Classes;

        var parts = new List<(string Name, double Milliseconds)>
        {
            (
                $"{network.Depth - 1} attentions, and one of the class token",
                (network.Depth - 1) * Both(full, input => attention.forward(input)) + Both(full, input => attention.forward(input, 1))
            ),
            (
                $"{network.Depth - 1} perceptrons, and one of the class token",
                (network.Depth - 1) * Both(full, perceptron.call) + Both(classTokens, perceptron.call)
            ),
            ("layer norms", (2 * network.Depth - 1) * Both(full, norm.call) + 2 * Both(classTokens, norm.call)),
            ("residual sums", 2 * (network.Depth - 1) * Both(full, input => input + full)),
            (
                "patches",
                Both(
                    null,
                    _ =>
                        nn.functional.linear(
                            step.Rows.Pixels.reshape(-1, 16),
                            attention.named_parameters().First().parameter.narrow(1, 0, 16)
                        )
                )
            ),
            ("loss", Both(logits, input => nn.functional.cross_entropy(input, classes, label_smoothing: 0.1))),
            ("optimiser", Time(step.Optimize)),
            ("gathering the rows, beside the step", Time(() => step.Rows.Fill(rows, [.. Enumerable.Range(0, OwnStep.BatchSize)]))),
        };
        var sum = parts.Take(parts.Count - 1).Sum(part => part.Milliseconds);
        var whole = Time(() => step.Run());
        return
        [
            .. parts,
            ("sum of the parts", sum),
            ("whole step", whole),
            ("what is between the parts", whole - sum),
            ("products of linear layers at their fastest", products.Values.Sum() - inAttention),
            ("products inside attention at their fastest", inAttention),
        ];
    }

    static T Prepared<T>(T layer, Precision precision)
        where T : nn.Module, IMixedPrecision, ILinearProducts
    {
        layer.train();
        (layer.Precision, layer.LinearProduct) = (precision, FastestProduct.On(CPU));
        return layer;
    }

    static Tensor Random(params long[] shape) => randn(shape).requires_grad_(true);

    /// <summary>Forward and backward of a part, with the gradients of its weights.</summary>
    static double Both(Tensor? input, Func<Tensor, Tensor> forward) =>
        Time(() =>
        {
            using var scope = NewDisposeScope();
            var output = forward(input!);
            output.backward([ones_like(output)]);
        });

    static double Time(Action part)
    {
        var times = new List<double>();
        for (var repetition = -2; repetition < Repetitions; repetition++)
        {
            var start = Stopwatch.GetTimestamp();
            part();
            if (repetition >= 0)
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return Comparison.Median(times);
    }
}
