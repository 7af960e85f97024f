using System.Globalization;
using System.Text.Json;

namespace NoisyNN.Benchmarks;

/// <summary>
/// One line of the table: two medians in the same unit and their ratio, ours to the peer's; not a number where there was nothing to
/// measure.
/// </summary>
sealed record Comparison(string Name, string Unit, double Ours, double Peers)
{
    public double Ratio => Ours / Peers;

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public static void Print(IReadOnlyList<Comparison> lines, bool json)
    {
        if (json)
        {
            Console.WriteLine(
                JsonSerializer.Serialize(
                    lines.ToDictionary(line => line.Name, line => double.IsFinite(line.Ratio) ? Math.Round(line.Ratio, 4) : (double?)null)
                )
            );
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"", -28} {"ours", 12} {"peer", 12} {"ratio", 8}"));
        foreach (var line in lines)
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{line.Name, -28} {line.Ours, 12:0.##} {line.Peers, 12:0.##} {line.Ratio, 8:0.000}  {line.Unit}"
                )
            );
    }
}
