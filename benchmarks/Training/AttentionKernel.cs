using System.Diagnostics;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Networks.VisionTransformer.Fused;
using NoisyNN.Models.Training.Process;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Training;

/// <summary>
/// Our attention kernel beside libtorch's operators, in turns: alone on a packed projection of 64 images, 50 tokens, 3 heads of 64; and in
/// the forward and backward pass of a micro ViT on 64 images.
/// </summary>
static class AttentionKernel
{
    const int Images = 64,
        Rounds = 40,
        WarmUp = 8;

    public static IReadOnlyList<Comparison> Compare()
    {
        NativeLibraries.Prepare();
        set_num_threads(2);
        if (!FusedAttention.IsAvailable)
            throw new NotSupportedException("The kernel needs Linux, a processor with AVX-512 and libtorch's OpenMP library.");
        var hasBfloat16 = PrecisionSupport.ReasonOnProcessor() is null;
        Precision[] precisions = hasBfloat16 ? [Precision.Float32, Precision.Bfloat16] : [Precision.Float32];
        return
        [
            .. precisions.SelectMany(precision =>
                (Comparison[])
                    [
                        Alone($"{Name(precision)}-forward", precision, isBackward: false),
                        Alone($"{Name(precision)}-both", precision, isBackward: true),
                        WholePass($"{Name(precision)}-whole-pass", precision),
                    ]
            ),
        ];
    }

    static Comparison Alone(string name, Precision precision, bool isBackward)
    {
        manual_seed(1);
        var type = precision == Precision.Float32 ? ScalarType.Float32 : ScalarType.BFloat16;
        using var packed = randn([Images, 50, 3, 3, 64]).to_type(type).requires_grad_(isBackward);
        using var gradient = randn([Images, 50, 192]).to_type(type);
        return Turns(
            name,
            fused =>
            {
                var mixed = Attention.Mix(packed, packed, precision, fused);
                if (!isBackward)
                    return;
                // As in a network, where the gradient goes on and is added to nothing.
                autograd.grad([mixed], [packed], [gradient]);
            }
        );
    }

    static Comparison WholePass(string name, Precision precision)
    {
        manual_seed(1);
        using var network = new NoisyViT(NoisyViTConfiguration.Micro());
        network.train();
        network.SetPrecision(precision);
        using var pixels = randint(0, 256, [Images, 1, 28, 28]).to_type(ScalarType.Float32);
        using var classes = randint(0, 10, [Images]);
        return Turns(
            name,
            fused =>
            {
                foreach (var attention in network.modules().OfType<Attention>())
                    attention.UsesFusedAttention = fused;
                nn.functional.cross_entropy(network.call(pixels), classes).backward();
                network.zero_grad();
            }
        );
    }

    static Comparison Turns(string name, Action<bool> pass)
    {
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(Time(fused: true));
            theirs.Add(Time(fused: false));
        }
        return new Comparison(name, "ms", Comparison.Median(ours.Skip(WarmUp)), Comparison.Median(theirs.Skip(WarmUp)));

        double Time(bool fused)
        {
            using var scope = NewDisposeScope();
            var start = Stopwatch.GetTimestamp();
            pass(fused);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    static string Name(Precision precision) => precision == Precision.Float32 ? "fp32" : "bf16";
}
