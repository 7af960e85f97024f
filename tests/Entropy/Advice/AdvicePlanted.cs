using Microsoft.ML;

namespace NoisyNN.Tests.Entropy.Advice;

/// <summary>Two classes of rows of five tokens with three channels, and noises of which it is known what they do.</summary>
static class AdvicePlanted
{
    public static readonly int[] Shape = [5, 3];

    /// <summary>
    /// Every token carries the class in its first channel, and a large nuisance of its own that sums to 0 over the tokens: mixing tokens
    /// averages it out.
    /// </summary>
    public static IDataView Nuisance(MLContext ml, int count, int seed = 1, double nuisance = 4) =>
        View(
            ml,
            count,
            seed,
            (random, label) =>
            {
                var row = new float[15];
                for (var channel = 0; channel < 3; channel++)
                {
                    var own = Enumerable.Range(0, 5).Select(_ => nuisance * LabelledVectors.Normal(random)).ToArray();
                    var mean = own.Average();
                    for (var token = 0; token < 5; token++)
                        row[3 * token + channel] = (float)(
                            own[token] - mean + (channel == 0 ? 2 * label : 0) + 0.3 * LabelledVectors.Normal(random)
                        );
                }
                return row;
            }
        );

    /// <summary>Two tight clusters: there is nothing to remove, and every noise blurs them.</summary>
    public static IDataView Clean(MLContext ml, int count, int seed = 1) =>
        View(
            ml,
            count,
            seed,
            (random, label) =>
                [.. Enumerable.Range(0, 15).Select(i => (float)((i % 2 == 0 ? 1 : -1) * label + 0.2 * LabelledVectors.Normal(random)))]
        );

    /// <summary>The rows of <see cref="Nuisance"/> with labels that are thrown by a coin.</summary>
    public static IDataView Permuted(MLContext ml, int count, int seed) =>
        View(
            ml,
            count,
            seed,
            (random, _) =>
            {
                var label = random.Next(2);
                return [.. Enumerable.Range(0, 15).Select(i => (float)(2 * label * (i % 3 == 0 ? 1 : 0) + LabelledVectors.Normal(random)))];
            }
        );

    static IDataView View(MLContext ml, int count, int seed, Func<Random, int, float[]> row)
    {
        var random = new Random(seed);
        return LabelledVectors.View(
            ml,
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(i => new LabelledVectors { Features = row(random, i % 2), Class = i % 2 == 0 ? "even" : "odd" }),
            ],
            Shape
        );
    }
}
