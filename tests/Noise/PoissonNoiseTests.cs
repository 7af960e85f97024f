using NoisyNN.Tests.Noise.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Poisson;

namespace NoisyNN.Tests.Noise;

[TestClass]
public class PoissonNoiseTests
{
    [TestMethod]
    [DataRow(0.05)]
    [DataRow(1.0)]
    [DataRow(3.7)]
    [DataRow(9.99)]
    [DataRow(10.0)]
    [DataRow(10.01)]
    [DataRow(60.0)]
    [DataRow(60.5)]
    [DataRow(255.0)]
    [DataRow(1000.0)]
    public void Counts_follow_the_poisson_law_by_table_by_inversion_and_by_rejection(double mean)
    {
        // An element of white value: its count has the mean of the photons, and a unit of the signal is one count.
        var sample = Distribution.Sample(new PoissonNoise(mean, White: mean), (float)mean);
        double exact = (float)mean;
        Distribution.AssertMoments(sample, exact, exact, exact + 3 * exact * exact, $"at {mean}");
        Distribution.AssertCounts([.. sample.Select(count => Math.Round(count))], Probabilities(exact), $"at {mean}");
    }

    [TestMethod]
    public void In_pixel_units_the_mean_stays_and_the_variance_is_the_value_over_the_photons()
    {
        foreach (var (photons, value) in new[] { (60.0, 255f), (3.0, 128f), (12.0, 31f) })
        {
            var sample = Distribution.Sample(new PoissonNoise(photons), value);
            var (unit, count) = (255 / photons, value * photons / 255);
            Distribution.AssertMoments(sample, value, unit * unit * count, Math.Pow(unit, 4) * (count + 3 * count * count));
            Assert.IsTrue(sample.All(x => Math.Abs(x / unit - Math.Round(x / unit)) < 1e-4), "values are multiples of one photon's share");
        }
    }

    [TestMethod]
    public void Whole_pixels_follow_the_law_by_their_table_at_every_brightness()
    {
        foreach (var (photons, value) in new[] { (60.0, 255f), (60.0, 1f), (12.0, 100f), (3.0, 254f), (200.0, 77f) })
        {
            var counts = Distribution.Sample(new PoissonNoise(photons), value).Select(x => Math.Round(x * photons / 255)).ToArray();
            Distribution.AssertCounts(counts, Probabilities(photons * value / 255), $"{photons} photons at {value}");
        }
    }

    [TestMethod]
    public void Whole_and_fractional_pixels_side_by_side_are_uncorrelated()
    {
        // The one are drawn by table, the other each by itself: no two may share random words.
        float[] row = [.. Enumerable.Range(0, 4096).Select(i => i % 2 == 0 ? 100 : 100.5f)];
        var noisy = Enumerable
            .Range(1, 20)
            .SelectMany(seed => Rows.Apply(new PoissonNoise(50), [1, 64, 64], row, (ulong)seed).Zip(row, (x, mean) => x - mean))
            .ToArray();
        var variance = noisy.Average(x => x * x);
        foreach (var lag in new[] { 1, 2, 3, 16, 32, 33, 64, 4096 })
        {
            var correlation = Enumerable.Range(0, noisy.Length - lag).Average(i => noisy[i] * noisy[i + lag]) / variance;
            Assert.AreEqual(0, correlation, 4 / Math.Sqrt(noisy.Length), $"lag {lag}");
        }
    }

    [TestMethod]
    public void Black_stays_black() => CollectionAssert.AreEqual(new float[12], Rows.Apply(new PoissonNoise(5), [3, 2, 2], new float[12]));

    [TestMethod]
    [DataRow(-0.5f)]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void What_cannot_be_a_count_of_photons_is_refused_by_row_and_element(float value)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() =>
            Rows.Apply(new PoissonNoise(5), [1, 2, 2], [1, 1, 1, 1, 1, 1, value, 1])
        );
        StringAssert.Contains(error.Message, "element 2 of row 1");
        StringAssert.Contains(error.Message, "before they are normalised");
    }

    [TestMethod]
    public void Columns_without_pixels_are_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NoiseKernel.Create(new PoissonNoise(5), [768]));
        StringAssert.Contains(error.Message, "[channels, height, width]");
        StringAssert.Contains(error.Message, "[768]");
    }

    static Func<int, double> Probabilities(double mean)
    {
        // p(k) = p(k-1) mean/k in logarithms, by summation.
        var logarithms = new List<double> { -mean };
        return count =>
        {
            while (logarithms.Count <= count)
                logarithms.Add(logarithms[^1] + Math.Log(mean / logarithms.Count));
            return Math.Exp(logarithms[count]);
        };
    }
}
