using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NoisyNN.Benchmarks.Training;
using NoisyNN.Models.Distributed;
using NoisyNN.Models.Layers;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Ranks;

/// <summary>
/// A training of the micro ViT, alone or as one of several ranks. Rank 0 answers each line, a number of steps, with their times, losses and
/// the seconds that went into exchanging gradients.
/// </summary>
static class RankSteps
{
    /// <param name="arguments">The rows of a step on each rank, libtorch's threads, and the number of ranks or 0.</param>
    public static int Run(int[] arguments)
    {
        var (rows, threads, ranks) = (arguments[0], arguments[1], arguments[2]);
        // Not Console.In, which writes codes for the keyboard to standard output where that looks like a terminal, as under mpirun.
        using var requests = new StreamReader(Console.OpenStandardInput());
        using var group = ranks == 0 ? ProcessGroup.Alone : MpiProcessGroup.Join();
        manual_seed(1);
        using var step = new OwnStep(
            TrainingStep.Transformer.Create(),
            Precision.Float32,
            RandomImages.Rows(rows * group.Size),
            threads,
            rows,
            group
        );
        if (group.Rank == 0)
            Console.WriteLine(JsonSerializer.Serialize(new { ready = group.Size }));
        while (Asked(group, requests) is > 0 and var steps)
        {
            var (milliseconds, losses, before) = (new List<double>(), new List<double>(), step.ExchangeSeconds);
            for (var left = steps; left > 0; left--)
            {
                var start = Stopwatch.GetTimestamp();
                losses.Add(step.Run());
                milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            var exchange = step.ExchangeSeconds - before;
            if (group.Rank == 0)
                Console.WriteLine(
                    JsonSerializer.Serialize(
                        new
                        {
                            milliseconds,
                            losses,
                            exchange,
                        }
                    )
                );
        }
        return 0;
    }

    /// <summary>How many steps rank 0 was asked for; 0 at the end. The others wait without taking a processor from other sides.</summary>
    static int Asked(ProcessGroup group, StreamReader requests)
    {
        Span<byte> steps = stackalloc byte[sizeof(int)];
        if (group.Rank == 0 && requests.ReadLine() is { } line)
            BinaryPrimitives.WriteInt32LittleEndian(steps, int.Parse(line, CultureInfo.InvariantCulture));
        group.WaitForAll();
        group.Broadcast(steps);
        return BinaryPrimitives.ReadInt32LittleEndian(steps);
    }
}
