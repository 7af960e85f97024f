using System.Diagnostics;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.Poisson;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;

namespace NoisyNN.Benchmarks.Noise;

/// <summary>
/// Noise kernels on a 64 MiB buffer of floats (16,384 rows of 1,024) with two threads against numpy (whole-array operations) and against a
/// copy of the buffer. Figures are rates, GiB of buffer per second. A turn refills the buffer, then repeats the operation for at least a
/// tenth of a second: ours takes a few milliseconds, less than two idle processors take to come up to speed.
/// </summary>
static class NoiseKernels
{
    const int Rows = 16_384,
        RowLength = 1024,
        Rounds = 7,
        Threads = 2;
    const double TurnSeconds = 0.1,
        Gibibytes = (double)Rows * RowLength * sizeof(float) / (1 << 30);

    public static IReadOnlyList<Comparison> Compare()
    {
        var values = new float[Rows * RowLength];
        var copy = new float[values.Length];
        DataViewRowId[] ids = [.. Enumerable.Range(0, Rows).Select(row => new DataViewRowId((ulong)row, 0))];
        using var peer = new Peer(Path.Combine("Noise", "noise_kernels.py"), []);

        Action Kernel(NoiseDefinition noise)
        {
            var kernel = NoiseKernel.Create(noise, [1, 32, 32]);
            return () =>
                InHalves(start =>
                    kernel.Apply(
                        values.AsSpan(start * RowLength, Rows / Threads * RowLength),
                        Rows / Threads,
                        seed: 1,
                        ids.AsSpan(start, Rows / Threads)
                    )
                );
        }

        double Turn(Action operation)
        {
            for (var index = 0; index < values.Length; index++)
                values[index] = index % 251;
            var (clock, count) = (Stopwatch.StartNew(), 0);
            for (; count == 0 || clock.Elapsed.TotalSeconds < TurnSeconds; count++)
                operation();
            return count * Gibibytes / clock.Elapsed.TotalSeconds;
        }

        Comparison Measure(string name, Action ours, Func<double> peers)
        {
            var (our, other) = (new List<double>(), new List<double>());
            for (var round = 0; round <= Rounds; round++)
            {
                our.Add(Turn(ours));
                other.Add(peers());
            }
            // The first round compiles.
            return new(name, "GiB/s", Comparison.Median(our.Skip(1)), Comparison.Median(other.Skip(1)));
        }

        Comparison Against(string numpy, NoiseDefinition noise) =>
            Measure(
                $"{numpy}-vs-numpy",
                Kernel(noise),
                () => Gibibytes / peer.Ask($"{numpy} {TurnSeconds}").GetProperty("seconds").GetDouble()
            );

        var shift = Against("shift", new CircularShiftNoise(0.3, MixAxis.SpatialRows));
        var mixing = Against("mixing", new OptimalMixingNoise(MixAxis.SpatialRows));
        return
        [
            Against("gaussian", new GaussianNoise(1)),
            Measure(
                "gaussian-vs-memcpy",
                Kernel(new GaussianNoise(1)),
                () =>
                    Turn(() =>
                        InHalves(start =>
                            values.AsSpan(start * RowLength, Rows / Threads * RowLength).CopyTo(copy.AsSpan(start * RowLength))
                        )
                    )
            ),
            Against("saltpepper", new SaltAndPepperNoise(0.1)),
            (shift.Ratio < mixing.Ratio ? shift : mixing) with
            {
                Name = "linear-vs-numpy",
            },
            shift,
            mixing,
            Against(
                "matrix",
                new QualityMatrixNoise(
                    [
                        .. Enumerable
                            .Range(0, 32)
                            .Select(row => Enumerable.Range(0, 32).Select(column => row == column ? -0.31 : 0.01).ToArray()),
                    ],
                    MixAxis.SpatialRows
                )
            ),
            Against("uniform", new UniformNoise(1)),
            Against("laplace", new LaplaceNoise(1)),
            Against("speckle", new SpeckleNoise(0.01)),
            // Of 255 photons, the pixels of 0 to 255 stay whole numbers, however often.
            Against("poisson", new PoissonNoise(255)),
        ];
    }

    static void InHalves(Action<int> halfFrom) =>
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread => halfFrom(thread * (Rows / Threads)));
}
