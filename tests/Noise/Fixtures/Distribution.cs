using NoisyNN.Transforms.Noise;

namespace NoisyNN.Tests.Noise.Fixtures;

/// <summary>Compares samples with an exact law.</summary>
static class Distribution
{
    /// <summary>The noise of an element of this value, many times over several seeds: rows of 1,000.</summary>
    public static double[] Sample(NoiseDefinition noise, float value, int rowsPerSeed = 40, int seeds = 5) =>
        [
            .. Enumerable
                .Range(1, seeds)
                .SelectMany(seed =>
                {
                    var rows = new float[rowsPerSeed * 1000];
                    Array.Fill(rows, value);
                    return Rows.Apply(noise, [1, 20, 50], rows, (ulong)seed * 7919).Select(x => (double)x);
                }),
        ];

    /// <summary>
    /// Mean and variance within four standard errors; the error of the variance follows from the law's fourth central moment.
    /// </summary>
    public static void AssertMoments(double[] sample, double mean, double variance, double fourth, string of = "")
    {
        double n = sample.Length;
        Assert.AreEqual(mean, sample.Average(), 4 * Math.Sqrt(variance / n), $"mean {of}");
        Assert.AreEqual(
            variance,
            sample.Average(x => (x - mean) * (x - mean)),
            4 * Math.Sqrt((fourth - variance * variance) / n),
            $"variance {of}"
        );
    }

    /// <summary>Kolmogorov and Smirnov: √n times the largest gap exceeds 1.95 once in 1,000 samples of the law.</summary>
    public static void AssertFollows(double[] sample, Func<double, double> cumulative, string of = "")
    {
        var sorted = sample.Order().ToArray();
        var gap = 0.0;
        for (var i = 0; i < sorted.Length; i++)
        {
            var expected = cumulative(sorted[i]);
            gap = Math.Max(gap, Math.Max(Math.Abs(expected - (double)i / sorted.Length), Math.Abs(expected - (i + 1.0) / sorted.Length)));
        }
        Assert.IsLessThan(1.95, gap * Math.Sqrt(sorted.Length), of);
    }

    /// <summary>
    /// Pearson's chi-square over cells of at least ten expected counts, within four standard deviations of its mean above.
    /// </summary>
    public static void AssertCounts(double[] sample, Func<int, double> probability, string of = "")
    {
        var observed = sample.GroupBy(x => (int)x).ToDictionary(group => group.Key, group => group.Count());
        Assert.IsTrue(sample.All(x => x >= 0 && x == Math.Floor(x)), $"counts are whole numbers {of}");
        var (statistic, cells, expectedRest, observedRest) = (0.0, 0, (double)sample.Length, sample.Length);
        for (var count = 0; count <= observed.Keys.Max(); count++)
        {
            var expected = sample.Length * probability(count);
            if (expected < 10)
                continue;
            var seen = observed.GetValueOrDefault(count);
            statistic += (seen - expected) * (seen - expected) / expected;
            (cells, expectedRest, observedRest) = (cells + 1, expectedRest - expected, observedRest - seen);
        }
        if (expectedRest > 1)
            statistic += (observedRest - expectedRest) * (observedRest - expectedRest) / expectedRest;
        Assert.IsLessThan(cells + 4 * Math.Sqrt(2.0 * cells), statistic, $"chi-square over {cells} cells {of}");
    }
}
