using System.Diagnostics;
using System.Runtime.InteropServices;
using NoisyNN.Models.Architectures;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Benchmarks.Training;

/// <summary>
/// One training step of a micro ViT (dim 192, depth 6, heads 3, patch 4, 28 x 28 grey, batch 64, AdamW, label smoothing 0.1, about 53 GFLOP):
/// ours through TorchSharp's API, the peer's in eager PyTorch on the same libtorch and BLAS, from the same weights and rows.
/// </summary>
static class TrainingStep
{
    const int Rounds = 12, StepsPerTurn = 5, BatchSize = 64;

    static readonly NoisyViTConfiguration s_configuration = new()
    {
        ImageSize = 28, PatchSize = 4, ClassCount = 10, Dimension = 192, Depth = 6, Heads = 3, MlpDimension = 768, Mean = [0.2860], StandardDeviation = [0.3530],
    };

    public static IReadOnlyList<Comparison> Compare()
    {
        set_num_threads(2);
        manual_seed(1);
        using var network = new NoisyViT(s_configuration);
        using var pixels = rand(BatchSize, 1, 28, 28) * 255;
        using var labels = randint(10, BatchSize, dtype: ScalarType.Int64);
        var folder = Directory.CreateTempSubdirectory("noisynn-benchmark-").FullName;
        try
        {
            foreach (var (name, tensor) in network.state_dict())
                Write(Path.Combine(folder, name), tensor);
            Write(Path.Combine(folder, "pixels"), pixels);
            Write(Path.Combine(folder, "labels"), labels);

            using var optimizer = optim.AdamW(network.parameters(), lr: 1e-3, weight_decay: 0.05);
            using var peer = new Peer(Path.Combine("Training", "training_step.py"), folder);
            List<double> ours = [], peers = [], ourLosses = [], peerLosses = [];
            for (var round = 0; round < Rounds; round++)
            {
                for (var step = 0; step < StepsPerTurn; step++)
                {
                    var clock = Stopwatch.StartNew();
                    ourLosses.Add(Step(network, optimizer, pixels, labels));
                    ours.Add(clock.Elapsed.TotalMilliseconds);
                }

                var answer = peer.Ask($"{StepsPerTurn}");
                peers.AddRange(answer.GetProperty("milliseconds").EnumerateArray().Select(value => value.GetDouble()));
                peerLosses.AddRange(answer.GetProperty("losses").EnumerateArray().Select(value => value.GetDouble()));
            }

            var distance = ourLosses.Zip(peerLosses).Take(10).Max(pair => Math.Abs(pair.First - pair.Second));
            Console.Error.WriteLine($"losses of the first 10 steps differ by at most {distance:0.0e+0} (limit 1e-3)");
            if (distance > 1e-3)
                throw new InvalidOperationException("The two sides do not compute the same thing; the times say nothing.");
            // The first turn warms both sides up.
            return [new("fp32-vs-openmp", "ms a step", Comparison.Median(ours.Skip(StepsPerTurn)), Comparison.Median(peers.Skip(StepsPerTurn)))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static double Step(NoisyViT network, AdamW optimizer, Tensor pixels, Tensor labels)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var loss = functional.cross_entropy(network.call(pixels), labels, label_smoothing: 0.1);
        loss.backward();
        optimizer.step();
        return loss.item<float>();
    }

    static void Write(string path, Tensor tensor)
    {
        using var contiguous = tensor.detach().contiguous();
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(contiguous.bytes).ToArray());
    }
}
