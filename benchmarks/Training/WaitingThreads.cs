using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NoisyNN.Models.Layers;
using static TorchSharp.torch;

namespace NoisyNN.Benchmarks.Training;

/// <summary>
/// What the threads that wait cost (GOMP_SPINCOUNT, OMP_WAIT_POLICY): a float32 step of the micro ViT on two threads, alone, beside a
/// second training, and beside a program that wants a processor. Each setting has processes of its own, which take turns.
/// </summary>
static class WaitingThreads
{
    const int Rounds = 10,
        StepsPerTurn = 3;

    // 300,000 is what libgomp takes by itself.
    static readonly string[] s_settings =
    [
        "OMP_WAIT_POLICY=passive",
        "GOMP_SPINCOUNT=3000",
        "GOMP_SPINCOUNT=10000",
        "GOMP_SPINCOUNT=30000",
        "GOMP_SPINCOUNT=300000",
    ];

    public static void Print()
    {
        var sides = s_settings.Select(setting => new Side(setting)).ToArray();
        try
        {
            for (var round = 0; round < Rounds; round++)
                foreach (var side in sides)
                    side.TakeTurns();
            Console.WriteLine($"{"ms a step, medians", -28} {"alone", 9} {"of two", 9} {"beside yes", 11}");
            foreach (var side in sides)
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{side.Setting, -28} {side.Alone.Median, 9:0} {side.OfTwo.Median, 9:0} {side.BesideAnother.Median, 11:0}"
                    )
                );
        }
        finally
        {
            Array.ForEach(sides, side => side.Dispose());
        }
    }

    /// <summary>The process that does the steps: answers each line, a number of steps, with their times and losses.</summary>
    public static int Run()
    {
        manual_seed(1);
        using var step = new OwnStep(TrainingStep.Transformer.Create(), Precision.Float32, RandomImages.Rows(OwnStep.BatchSize));
        Console.WriteLine(JsonSerializer.Serialize(new { ready = true }));
        while (Console.ReadLine() is { } line)
        {
            var (milliseconds, losses) = (new List<double>(), new List<double>());
            for (var left = int.Parse(line, CultureInfo.InvariantCulture); left > 0; left--)
            {
                var start = Stopwatch.GetTimestamp();
                losses.Add(step.Run());
                milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            Console.WriteLine(JsonSerializer.Serialize(new { milliseconds, losses }));
        }
        return 0;
    }

    sealed class Side(string setting) : IDisposable
    {
        readonly Peer _first = Peer.Waiting(setting);
        readonly Peer _second = Peer.Waiting(setting);

        public string Setting => setting;

        public Turns Alone { get; } = new(StepsPerTurn);

        public Turns OfTwo { get; } = new(2 * StepsPerTurn);

        public Turns BesideAnother { get; } = new(StepsPerTurn);

        public void TakeTurns()
        {
            Alone.Take(_first);
            var other = Task.Run(() => _second.Ask($"{StepsPerTurn}"));
            OfTwo.Take(_first, StepsPerTurn);
            OfTwo.Take(other.Result);
            using var busy = Process.Start("bash", ["-c", "exec yes > /dev/null"]);
            BesideAnother.Take(_first);
            busy.Kill();
            busy.WaitForExit();
        }

        public void Dispose()
        {
            _first.Dispose();
            _second.Dispose();
        }
    }
}
