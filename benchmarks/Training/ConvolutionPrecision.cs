using System.Diagnostics;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Training.Optimization;
using NoisyNN.Models.Training.Process;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Training;

/// <summary>
/// A training step of networks of convolutions (batch 64, 28 x 28 grey, AdamW) in bfloat16 beside the same in float32: from the same
/// weights, in turns.
/// </summary>
static class ConvolutionPrecision
{
    const int BatchSize = 64,
        Size = 28,
        Classes = 10,
        Rounds = 8;

    public static IReadOnlyList<Comparison> Compare()
    {
        if (PrecisionSupport.ReasonOnProcessor() is { } reason)
            throw new NotSupportedException($"There is nothing to measure: {reason}.");
        var (narrow, wide) = (
            new NoisyResNetConfiguration { ClassCount = Classes, Width = 16 },
            new NoisyResNetConfiguration { ClassCount = Classes, Width = 64 }
        );
        var allCnn = new AllCnnConfiguration { ClassCount = Classes, FilterPercentage = 25 };
        return
        [
            Compare("resnet-18-width-16", narrow, threads: 1),
            Compare("resnet-18-width-64", wide, threads: 1),
            Compare("all-cnn-25-percent", allCnn, threads: 1),
            Compare("resnet-18-width-16-threads-2", narrow, threads: 2),
            Compare("all-cnn-25-percent-threads-2", allCnn, threads: 2),
        ];
    }

    static Comparison Compare(string name, ClassifierConfiguration configuration, int threads)
    {
        set_num_threads(threads);
        manual_seed(1);
        using var pixels = randint(0, 256, [BatchSize, 1, Size, Size]).to_type(ScalarType.Float32);
        using var classes = randint(0, Classes, [BatchSize]);
        using var single = Create(configuration, Precision.Float32);
        using var brief = Create(configuration, Precision.Bfloat16);
        using var singleSteps = new NetworkOptimizer(single, weightDecay: 0.05);
        using var briefSteps = new NetworkOptimizer(brief, weightDecay: 0.05);
        var (singleTimes, briefTimes) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var (singleTime, singleLoss) = Step(single, singleSteps, round);
            var (briefTime, briefLoss) = Step(brief, briefSteps, round);
            if (round == 0)
            {
                // The first step makes room, and shows that both compute the same.
                Console.Error.WriteLine(
                    FormattableString.Invariant($"{name}: losses of the first step {singleLoss:0.0000} and {briefLoss:0.0000}")
                );
                continue;
            }
            singleTimes.Add(singleTime);
            briefTimes.Add(briefTime);
        }
        return new Comparison(name, "ms a step, bfloat16 and float32", Comparison.Median(briefTimes), Comparison.Median(singleTimes));

        (double Milliseconds, double Loss) Step(Classifier network, NetworkOptimizer optimization, int round)
        {
            var start = Stopwatch.GetTimestamp();
            using var scope = NewDisposeScope();
            manual_seed(round);
            var (logits, _) = network.ForwardWithPenalties(pixels, BatchSize);
            var loss = nn.functional.cross_entropy(logits, classes);
            loss.backward();
            optimization.Step(1e-4);
            return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, loss.item<float>());
        }
    }

    static Classifier Create(ClassifierConfiguration configuration, Precision precision)
    {
        manual_seed(5);
        var network = configuration.Create();
        network.train();
        network.SetPrecision(precision);
        return network;
    }
}
