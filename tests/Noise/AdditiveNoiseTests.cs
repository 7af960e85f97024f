using NoisyNN.Tests.Noise.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;

namespace NoisyNN.Tests.Noise;

/// <summary>Uniform, Laplace, Gaussian and speckle noise against their laws.</summary>
[TestClass]
public class AdditiveNoiseTests
{
    [TestMethod]
    [DataRow(0.5)]
    [DataRow(20.0)]
    public void Uniform_noise_follows_the_uniform_law(double halfWidth)
    {
        var sample = Distribution.Sample(new UniformNoise(halfWidth), 0);
        var variance = halfWidth * halfWidth / 3;
        Distribution.AssertMoments(sample, 0, variance, Math.Pow(halfWidth, 4) / 5);
        Distribution.AssertFollows(sample, x => (x / halfWidth + 1) / 2);
        Assert.IsTrue(sample.All(x => Math.Abs(x) <= halfWidth));
    }

    [TestMethod]
    [DataRow(0.5)]
    [DataRow(20.0)]
    public void Laplace_noise_follows_the_double_exponential_law(double scale)
    {
        var sample = Distribution.Sample(new LaplaceNoise(scale), 0);
        Distribution.AssertMoments(sample, 0, 2 * scale * scale, 24 * Math.Pow(scale, 4));
        Distribution.AssertFollows(sample, x => x < 0 ? Math.Exp(x / scale) / 2 : 1 - Math.Exp(-x / scale) / 2);
    }

    [TestMethod]
    [DataRow(0.5, -1.0)]
    [DataRow(20.0, 3.0)]
    public void Gaussian_noise_follows_the_normal_law(double deviation, double mean)
    {
        var sample = Distribution.Sample(new GaussianNoise(deviation, mean), 0);
        Distribution.AssertMoments(sample, mean, deviation * deviation, 3 * Math.Pow(deviation, 4));
        Distribution.AssertFollows(sample, x => NormalCumulative((x - mean) / deviation));
    }

    [TestMethod]
    [DataRow(0.15, 200f)]
    [DataRow(0.6, 50f)]
    [DataRow(0.35, -3f)]
    public void Speckle_is_a_normal_law_whose_deviation_grows_with_the_value(double deviation, float value)
    {
        var sample = Distribution.Sample(new SpeckleNoise(deviation), value);
        var scale = deviation * Math.Abs(value);
        Distribution.AssertMoments(sample, value, scale * scale, 3 * Math.Pow(scale, 4));
        Distribution.AssertFollows(sample, x => NormalCumulative((x - value) / scale));
    }

    [TestMethod]
    public void Speckle_leaves_zeros_alone() =>
        CollectionAssert.AreEqual(new float[50], Rows.Apply(new SpeckleNoise(2), [50], new float[50]));

    [TestMethod]
    public void Noise_of_no_strength_changes_nothing()
    {
        float[] row = [-7, 0, 1, 2.5f, 255];
        foreach (var noise in new NoiseDefinition[] { new UniformNoise(0), new LaplaceNoise(0), new SpeckleNoise(0), new GaussianNoise(0) })
            CollectionAssert.AreEqual(row, Rows.Apply(noise, [5], row), noise.Name);
    }

    [TestMethod]
    public void Noise_adds_to_the_value_that_is_there()
    {
        float[] row = [.. Enumerable.Range(0, 100).Select(i => i / 4f)];
        foreach (var noise in new NoiseDefinition[] { new UniformNoise(1), new LaplaceNoise(1), new GaussianNoise(1) })
        {
            var alone = Rows.Apply(noise, [100], new float[100]);
            var noisy = Rows.Apply(noise, [100], row);
            for (var i = 0; i < row.Length; i++)
                Assert.AreEqual(row[i] + alone[i], noisy[i], 1e-5, noise.Name);
        }
    }

    /// <summary>By Simpson's rule: independent of any table.</summary>
    static double NormalCumulative(double x)
    {
        const int steps = 64;
        if (Math.Abs(x) > 7)
            return x < 0 ? 0 : 1;
        var width = x / steps;
        var sum = 0.0;
        for (var i = 0; i <= steps; i++)
            sum +=
                (
                    i is 0 or steps ? 1
                    : i % 2 == 1 ? 4
                    : 2
                ) * Math.Exp(-i * width * i * width / 2);
        return 0.5 + sum * width / 3 / Math.Sqrt(2 * Math.PI);
    }
}
