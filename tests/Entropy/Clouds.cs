using NoisyNN.Transforms.Entropy;

namespace NoisyNN.Tests.Entropy;

/// <summary>Kinds of data that spectra differ between.</summary>
static class Clouds
{
    public static FeatureMatrix Make(string kind, int rows, int dimension, int seed)
    {
        if (kind == "network")
            return TrainedPerceptron.Embed(rows, dimension, seed).Features;
        var random = new Random(seed);
        var normal = (int count) =>
            Enumerable
                .Range(0, count)
                .Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))
                .ToArray();
        var values = new double[rows * dimension];
        var noise = normal(values.Length);
        var loadings = normal(10 * dimension);
        for (var row = 0; row < rows; row++)
        {
            var (angle, other) = (2 * Math.PI * random.NextDouble(), 2 * Math.PI * random.NextDouble());
            double[] coordinates =
            [
                Math.Cos(angle),
                Math.Sin(angle),
                Math.Cos(other),
                Math.Sin(other),
                Math.Cos(angle + other),
                Math.Sin(2 * angle),
            ];
            for (var column = 0; column < dimension; column++)
            {
                var i = row * dimension + column;
                values[i] = kind switch
                {
                    "clusters" => 3 * loadings[row % 10 * dimension + column] + noise[i],
                    "manifold" => coordinates.Select((value, axis) => value * loadings[axis * dimension + column]).Sum() + 0.05 * noise[i],
                    "noise" => noise[i],
                    "near-duplicates" => noise[row % (rows / 10) * dimension + column] + 1e-4 * noise[i],
                    _ => throw new ArgumentOutOfRangeException(nameof(kind)),
                };
            }
        }
        return new(values, dimension);
    }
}
