using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;

namespace NoisyNN.Benchmarks.Entropy;

/// <summary>
/// The approximation where the matrix no longer fits into memory: 100,000 rows of ten clusters in 192 dimensions at σ = √192, and 20,000 of
/// them beside all eigenvalues in float32. About a quarter of an hour on two cores, and 3.4 GB for the eigenvalues.
/// </summary>
static class ManyRows
{
    const int Dimension = 192,
        Clusters = 10;

    public static void Measure(bool json)
    {
        var approximate = new EntropyOptions { Bandwidth = Bandwidth.RootDimension, IsApproximate = true };
        var many = Timed(Clouds(100_000), approximate);
        // The greatest memory so far: the eigenvalues come after it.
        var megabytes = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
        var fewer = Clouds(20_000);
        var (few, exact) = (
            Timed(fewer, approximate),
            Timed(fewer, approximate with { IsApproximate = false, Precision = EntropyPrecision.Single, MaxRows = fewer.RowCount })
        );
        var figures = new Dictionary<string, double>
        {
            ["approx-100000-seconds"] = many.Seconds,
            ["approx-100000-megabytes"] = megabytes,
            ["approx-100000-bound-bits"] = many.Report.DseErrorBound!.Value,
            ["approx-20000-seconds"] = few.Seconds,
            ["approx-20000-bound-bits"] = few.Report.DseErrorBound!.Value,
            ["exact-20000-seconds"] = exact.Seconds,
            ["approx-20000-error-bits"] = Math.Abs(few.Report.Dse - exact.Report.Dse),
        };
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(figures));
        else
            foreach (var (name, figure) in figures)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name, -26}{figure, 10:0.####}"));
    }

    static (EntropyReport Report, double Seconds) Timed(FeatureMatrix rows, EntropyOptions options)
    {
        var clock = Stopwatch.StartNew();
        return (DiffusionEntropy.Measure(rows, options: options), clock.Elapsed.TotalSeconds);
    }

    static FeatureMatrix Clouds(int rows)
    {
        var random = new Random(rows);
        var centres = Normals.Draw(Clusters * Dimension, random);
        var values = Normals.Draw(rows * Dimension, random);
        for (var i = 0; i < values.Length; i++)
            values[i] = centres[i / Dimension % Clusters * Dimension + i % Dimension] + 0.7 * values[i];
        return new(values, Dimension);
    }
}
