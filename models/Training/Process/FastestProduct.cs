using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using NoisyNN.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Process;

/// <summary>
/// Which <see cref="LinearProduct"/> is faster on this machine: what its processor promises, unless a measurement contradicts it by a wide
/// margin. It takes about 50 ms, once per process and number of threads, and three times that to contradict. The environment variable <c>NOISYNN_LINEAR</c> (<c>matrix</c> or
/// <c>convolution</c>) decides without one.
/// </summary>
/// <remarks>
/// The two ways round differently, so a training keeps the one that it began with: it stands in its checkpoints. A measurement alone would
/// turn out now this way, now that where both are about as fast, and the same seed would give other bits; hence the processor's word and
/// the margin.
/// </remarks>
public static class FastestProduct
{
    /// <summary>The variable that decides in place of the measurement.</summary>
    public const string Variable = "NOISYNN_LINEAR";

    const double Margin = 1.5;
    const int Repetitions = 6,
        Measurements = 3;

    static readonly ConcurrentDictionary<int, LinearProduct> s_measured = new();

    /// <summary>The way for a device, with libtorch's present number of threads.</summary>
    /// <exception cref="ArgumentException">The environment variable has another value.</exception>
    public static LinearProduct On(Device device) =>
        Environment.GetEnvironmentVariable(Variable) switch
        {
            "matrix" => LinearProduct.Matrix,
            "convolution" => LinearProduct.Convolution,
            null or "" => device.type == DeviceType.CPU
                ? s_measured.GetOrAdd(get_num_threads(), static _ => Measure())
                : LinearProduct.Matrix,
            var other => throw new ArgumentException(
                $"The environment variable {Variable} is '{other}'; set it to matrix or convolution, or not at all."
            ),
        };

    /// <summary>MKL has kernels for AVX-512 on Intel's processors alone, oneDNN on all that have it.</summary>
    static LinearProduct Promised()
    {
        if (!Vector512.IsHardwareAccelerated || !X86Base.IsSupported)
            return LinearProduct.Matrix;
        // "GenuineIntel", four letters a register.
        var (_, first, third, second) = X86Base.CpuId(0, 0);
        return (first, second, third) == (0x756e6547, 0x49656e69, 0x6c65746e) ? LinearProduct.Matrix : LinearProduct.Convolution;
    }

    internal static LinearProduct Measure()
    {
        var promised = Promised();
        var other = promised == LinearProduct.Matrix ? LinearProduct.Convolution : LinearProduct.Matrix;
        // Other work can hold up one measurement, and hardly all of them.
        for (var measurement = 0; measurement < Measurements; measurement++)
            if (!IsFasterByMargin(other, promised))
                return promised;
        return other;
    }

    static bool IsFasterByMargin(LinearProduct candidate, LinearProduct promised)
    {
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        // About the sizes of a small transformer's perceptron; constants, since random numbers would advance somebody's generator.
        var input = full(1600, 192, 0.5f).requires_grad_(true);
        var (weight, bias) = (full(768, 192, 0.25f).requires_grad_(true), zeros(768).requires_grad_(true));
        var (shortest, shortestPromised) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        // In turns, so that what else runs on the machine meets both; the shortest, which it disturbs least.
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            shortest = Shorter(shortest, Time(candidate));
            shortestPromised = Shorter(shortestPromised, Time(promised));
        }
        return shortest * Margin < shortestPromised;

        TimeSpan Time(LinearProduct way)
        {
            using var inner = NewDisposeScope();
            var start = Stopwatch.GetTimestamp();
            var output = Products.Linear(input, weight, bias, Precision.Float32, way);
            output.sum().backward();
            return Stopwatch.GetElapsedTime(start);
        }

        static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
    }
}
