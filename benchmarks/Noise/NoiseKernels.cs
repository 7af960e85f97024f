using System.Diagnostics;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Benchmarks.Noise;

/// <summary>
/// Noise kernels on a 64 MiB buffer of floats (16,384 rows of 1,024) with two threads against numpy (whole-array operations) and against a copy of the
/// buffer. Figures are rates, GiB of buffer per second.
/// </summary>
static class NoiseKernels
{
    const int Rows = 16_384, RowLength = 1024, Rounds = 9, Threads = 2;
    const double Gibibytes = (double)Rows * RowLength * sizeof(float) / (1 << 30);

    public static IReadOnlyList<Comparison> Compare()
    {
        var values = new float[Rows * RowLength];
        var copy = new float[values.Length];
        var ids = new DataViewRowId[Rows];
        for (var row = 0; row < Rows; row++)
            ids[row] = new DataViewRowId((ulong)row, 0);
        for (var index = 0; index < values.Length; index++)
            values[index] = index % 251;

        using var peer = new Peer(Path.Combine("Noise", "noise_kernels.py"), []);
        var lines = new List<Comparison>();
        void Measure(string name, string peerOperation, Action ours)
        {
            List<double> our = [], peers = [];
            for (var round = 0; round <= Rounds; round++)
            {
                var clock = Stopwatch.StartNew();
                ours();
                our.Add(Gibibytes / clock.Elapsed.TotalSeconds);
                peers.Add(Gibibytes / peer.Ask(peerOperation).GetProperty("seconds").GetDouble());
            }

            lines.Add(new(name, "GiB/s", Comparison.Median(our.Skip(1)), Comparison.Median(peers.Skip(1))));
        }

        Action Kernel(NoiseDefinition noise, int[] dimensions)
        {
            var kernel = NoiseKernel.Create(noise, dimensions);
            return () => Parallel(start => kernel.Apply(
                values.AsSpan(start * RowLength, Rows / Threads * RowLength), Rows / Threads, seed: 1, ids.AsSpan(start, Rows / Threads)));
        }

        var gaussian = Kernel(new GaussianNoise(1), [RowLength]);
        Measure("gaussian-vs-numpy", "gaussian", gaussian);
        Measure("saltpepper-vs-numpy", "saltpepper", Kernel(new SaltAndPepperNoise(0.1), [RowLength]));
        Measure("linear-vs-numpy", "linear", Kernel(new CircularShiftNoise(0.3, MixAxis.SpatialRows), [1, 32, 32]));

        List<double> noise = [], memory = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            gaussian();
            noise.Add(Gibibytes / clock.Elapsed.TotalSeconds);
            clock.Restart();
            Parallel(start => values.AsSpan(start * RowLength, Rows / Threads * RowLength).CopyTo(copy.AsSpan(start * RowLength)));
            memory.Add(Gibibytes / clock.Elapsed.TotalSeconds);
        }

        lines.Add(new("gaussian-vs-memcpy", "GiB/s", Comparison.Median(noise.Skip(1)), Comparison.Median(memory.Skip(1))));
        return lines;
    }

    static void Parallel(Action<int> halfFrom) => System.Threading.Tasks.Parallel.For(
        0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread => halfFrom(thread * (Rows / Threads)));
}
