using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;

namespace NoisyNN.Tests.Entropy;

/// <summary>Two small matrices of which the reference package <c>dse-dsmi</c> 1.1 was asked, and matrices drawn at random.</summary>
static class Reference
{
    /// <summary>A(4, 3): i + j/2.</summary>
    public static FeatureMatrix A { get; } = Make(4, 3, (i, j) => i + 0.5 * j);

    /// <summary>M(12, 4): ((7i + 3j + ij) mod 11)/10. Rows 0 and 11 are equal.</summary>
    public static FeatureMatrix M { get; } = Make(12, 4, (i, j) => (7 * i + 3 * j + i * j) % 11 / 10.0);

    public static EntropyOptions Sigma(double sigma, double power = 1, EntropyMode mode = EntropyMode.Spectral) =>
        new()
        {
            Bandwidth = Bandwidth.Of(sigma),
            Power = power,
            Mode = mode,
        };

    public static double Dse(FeatureMatrix rows, EntropyOptions options) => DiffusionEntropy.Measure(rows, options: options).Dse;

    public static FeatureMatrix Make(int rows, int columns, Func<int, int, double> value) =>
        new([.. Enumerable.Range(0, rows * columns).Select(i => value(i / columns, i % columns))], columns);

    /// <summary>Standard normal entries.</summary>
    public static FeatureMatrix Normal(int rows, int columns, int seed, double scale = 1)
    {
        var random = new Random(seed);
        return Make(
            rows,
            columns,
            (_, _) => scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())
        );
    }
}
