using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.SaltAndPepper;

namespace NoisyNN.Benchmarks.Rows;

/// <summary>
/// A pass over a million rows of 768 floats, with noise on the column and without: rows per second, what the pass allocates for each row
/// once its buffers are there, and the greatest memory that the process had resident.
/// </summary>
static class NoisyRows
{
    const long Rows = 1_000_000;
    const int Length = 768,
        Rounds = 3;

    // Until then, buffers have been made and code compiled.
    const long SteadyFrom = 1_000;

    public static void Measure(bool json)
    {
        var ml = new MLContext(seed: 1);
        var source = new GeneratedRows(Rows, Length);
        var passes = new (string Name, IDataView View, int Cursors)[]
        {
            ("without noise", source, 1),
            ("gaussian", Noisy(new GaussianNoise(1)), 1),
            ("gaussian, two cursors", Noisy(new GaussianNoise(1)), 2),
            ("gaussian, half of the rows", Noisy(new GaussianNoise(1), rowProbability: 0.5), 1),
            ("salt and pepper", Noisy(new SaltAndPepperNoise(0.1)), 1),
            ("circular shift over the batch", Noisy(new CircularShiftNoise(0.3, MixAxis.Batch)), 1),
        };
        var results = passes.Select(_ => new List<(double Rate, double Bytes)>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var pass = 0; pass < passes.Length; pass++)
                results[pass].Add(Pass(passes[pass].View, passes[pass].Cursors));
        }
        using var process = Process.GetCurrentProcess();
        var peak = process.PeakWorkingSet64 / 1e6;
        var rates = results.Select(rounds => Comparison.Median(rounds.Select(round => round.Rate))).ToArray();
        var bytes = results.Select(rounds => rounds.Max(round => round.Bytes)).ToArray();
        if (json)
        {
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new Dictionary<string, double>
                    {
                        ["peak-resident-mb"] = Math.Round(peak, 1),
                        ["allocated-bytes-per-row"] = bytes.Max(),
                        ["rows-per-second"] = Math.Round(rates[1]),
                        ["rows-per-second-without-noise"] = Math.Round(rates[0]),
                    }
                )
            );
            return;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"", -32} {"rows/s", 12} {"of clean", 9} {"bytes/row", 10}"));
        for (var pass = 0; pass < passes.Length; pass++)
        {
            var (name, rate, allocated) = (passes[pass].Name, rates[pass], bytes[pass]);
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{name, -32} {rate, 12:N0} {rate / rates[0], 9:0.00} {allocated, 10:0.###}")
            );
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"peak resident: {peak:0} MB, for {Rows * Length * sizeof(float) / 1e6:N0} MB of values"
            )
        );

        IDataView Noisy(NoiseDefinition noise, double rowProbability = 1) =>
            ml
                .Noise.Add(GeneratedRows.Column, noise, scope: NoiseScope.Always, rowProbability: rowProbability)
                .Fit(source)
                .Transform(source);
    }

    static (double Rate, double Bytes) Pass(IDataView view, int cursors)
    {
        var column = view.Schema[GeneratedRows.Column];
        var set = cursors == 1 ? [view.GetRowCursor([column])] : view.GetRowCursorSet([column], cursors);
        var bytes = new double[set.Length];
        var clock = Stopwatch.StartNew();
        Parallel.For(0, set.Length, index => bytes[index] = Read(set[index], column));
        return (Rows / clock.Elapsed.TotalSeconds, bytes.Max());
    }

    /// <summary>Reads a cursor to its end; the bytes per row that this allocated on its thread in the steady state.</summary>
    static double Read(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        using (cursor)
        {
            var getter = cursor.GetGetter<VBuffer<float>>(column);
            var value = default(VBuffer<float>);
            var (row, before) = (0L, 0L);
            for (; cursor.MoveNext(); row++)
            {
                if (row == SteadyFrom)
                    before = GC.GetAllocatedBytesForCurrentThread();
                getter(ref value);
            }
            return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(row - SteadyFrom);
        }
    }
}
