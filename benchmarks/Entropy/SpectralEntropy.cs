using System.Diagnostics;
using System.Runtime.InteropServices;
using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;

namespace NoisyNN.Benchmarks.Entropy;

/// <summary>
/// Diffusion spectral entropy of N rows of 192 standard normal values at σ = √192: ours, in float32, and the approximation against the same
/// kernel and its eigenvalues in numpy, float64. A figure that is off by more than 1e-5 bit, or 0.01 bit for the approximation, is no
/// figure: the measurement fails.
/// </summary>
static class SpectralEntropy
{
    const int Dimension = 192;

    public static IReadOnlyList<Comparison> Compare()
    {
        var file = Path.GetTempFileName();
        try
        {
            using var peer = new Peer(Path.Combine("Entropy", "spectral_entropy.py"), [file, $"{Dimension}"]);
            var exact = new EntropyOptions { Bandwidth = Bandwidth.RootDimension, Precision = EntropyPrecision.Single };
            var approximate = exact with { IsApproximate = true };
            return
            [
                Measure("dse-1000", 1000, rounds: 9, exact, 1e-5),
                Measure("dse-2000", 2000, rounds: 7, exact, 1e-5),
                Measure("dse-4000", 4000, rounds: 3, exact, 1e-5),
                Measure("dse-approx-4000", 4000, rounds: 3, approximate, 0.01),
            ];

            Comparison Measure(string name, int rows, int rounds, EntropyOptions options, double tolerance)
            {
                var matrix = Normal(rows);
                List<double> our = [],
                    peers = [];
                for (var round = 0; round <= rounds; round++)
                {
                    var clock = Stopwatch.StartNew();
                    var ours = DiffusionEntropy.Measure(matrix, options: options).Dse;
                    our.Add(clock.Elapsed.TotalMilliseconds);
                    var answer = peer.Ask($"{rows}");
                    peers.Add(answer.GetProperty("seconds").GetDouble() * 1000);
                    var difference = Math.Abs(ours - answer.GetProperty("entropy").GetDouble());
                    if (difference > tolerance)
                        throw new InvalidOperationException(
                            $"{name}: {ours:R} bits is {difference:R} off numpy's figure; {tolerance} is allowed."
                        );
                }
                return new(name, "ms", Comparison.Median(our.Skip(1)), Comparison.Median(peers.Skip(1)));
            }

            FeatureMatrix Normal(int rows)
            {
                var values = Normals.Draw(rows * Dimension, new Random(rows));
                File.WriteAllBytes(file, MemoryMarshal.AsBytes(values.AsSpan()));
                return new(values, Dimension);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }
}
