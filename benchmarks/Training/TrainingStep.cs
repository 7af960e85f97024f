using System.Diagnostics;
using System.Runtime.InteropServices;
using NoisyNN.Models.Layers;
using NoisyNN.Models.Training;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Training;

/// <summary>
/// One training step of a micro ViT (batch 64, AdamW, label smoothing 0.1, about 53 GFLOP): ours, in float32 and with bfloat16 products, through TorchSharp's
/// API; the peer's in eager PyTorch on the same libtorch, on each of OpenBLAS's two builds. All sides start from the same weights and take turns.
/// </summary>
static class TrainingStep
{
    const int Rounds = 8, StepsPerTurn = 4;

    public static IReadOnlyList<Comparison> Compare()
    {
        set_num_threads(2);
        manual_seed(1);
        var rows = MicroTransformer.RandomRows(MicroTransformer.BatchSize);
        using var single = new MicroTransformer(Precision.Float32, rows);
        using var brief = PrecisionSupport.ReasonOnProcessor() is null ? new MicroTransformer(Precision.Bfloat16, rows, single.Network.state_dict()) : null;
        var folder = Directory.CreateTempSubdirectory("noisynn-benchmark-").FullName;
        try
        {
            foreach (var (name, tensor) in single.Network.state_dict())
                Write(Path.Combine(folder, name), tensor);
            Write(Path.Combine(folder, "pixels"), single.Rows.Pixels);
            Write(Path.Combine(folder, "labels"), single.Rows.Classes);

            using var openmp = Python(folder, libraryPath: null);
            using var pthread = Python(folder, Environment.GetEnvironmentVariable("NOISYNN_OPENBLAS_PTHREAD") ?? throw new InvalidOperationException("Start this by benchmarks/run, which says where the other OpenBLAS is."));
            Turns ours = new(), oursBrief = new(), openmps = new(), pthreads = new();
            for (var round = 0; round < Rounds; round++)
            {
                ours.Take(single);
                if (brief is not null)
                    oursBrief.Take(brief);
                openmps.Take(openmp);
                pthreads.Take(pthread);
            }

            Agree("float32 and PyTorch on openblas-openmp", ours, openmps, 1e-3);
            Agree("float32 and PyTorch on openblas-pthread", ours, pthreads, 1e-3);
            if (brief is not null)
                Agree("bfloat16 and PyTorch's float32", oursBrief, openmps, 2e-3);
            else
                Console.Error.WriteLine($"no bfloat16: {PrecisionSupport.ReasonOnProcessor()}");
            return
            [
                new("fp32-vs-openmp", "ms a step", ours.Median, openmps.Median),
                new("fp32-vs-pthread", "ms a step", ours.Median, pthreads.Median),
                new("bf16-vs-openmp", "ms a step", oursBrief.Median, openmps.Median),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static Peer Python(string folder, string? libraryPath) => new(Path.Combine("Training", "training_step.py"), [folder], libraryPath);

    static void Agree(string sides, Turns ours, Turns theirs, double limit)
    {
        var distance = ours.Losses.Zip(theirs.Losses).Take(10).Max(pair => Math.Abs(pair.First - pair.Second));
        Console.Error.WriteLine($"losses of the first 10 steps, {sides}: differ by at most {distance:0.0e+0} (limit {limit:0e+0})");
        if (distance > limit)
            throw new InvalidOperationException("The two sides do not compute the same thing; the times say nothing.");
    }

    static void Write(string path, Tensor tensor)
    {
        using var contiguous = tensor.detach().contiguous();
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(contiguous.bytes).ToArray());
    }

    /// <summary>The times and losses of one side's steps.</summary>
    sealed class Turns
    {
        readonly List<double> _milliseconds = [];

        public List<double> Losses { get; } = [];

        /// <summary>Without the first turn, which warms up.</summary>
        public double Median => _milliseconds.Count > StepsPerTurn ? Comparison.Median(_milliseconds.Skip(StepsPerTurn)) : double.NaN;

        public void Take(MicroTransformer ours)
        {
            for (var step = 0; step < StepsPerTurn; step++)
            {
                var start = Stopwatch.GetTimestamp();
                Losses.Add(ours.Step());
                _milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        public void Take(Peer peer)
        {
            var answer = peer.Ask($"{StepsPerTurn}");
            _milliseconds.AddRange(answer.GetProperty("milliseconds").EnumerateArray().Select(value => value.GetDouble()));
            Losses.AddRange(answer.GetProperty("losses").EnumerateArray().Select(value => value.GetDouble()));
        }
    }
}
