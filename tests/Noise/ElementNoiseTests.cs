using Microsoft.ML.Data;
using NoisyNN.Tests.Noise.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.Poisson;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;

namespace NoisyNN.Tests.Noise;

/// <summary>What all element noises share: values are functions of (seed, row id, element), and clipping.</summary>
[TestClass]
public class ElementNoiseTests
{
    static readonly NoiseDefinition[] Families =
    [
        new GaussianNoise(20, 1),
        new UniformNoise(20),
        new LaplaceNoise(20),
        new SpeckleNoise(0.4),
        new PoissonNoise(8),
        new SaltAndPepperNoise(0.3),
        new SaltAndPepperNoise(0.3, ValueRange.Pixels),
        .. Severities.All(3),
    ];

    [TestMethod]
    public void A_value_depends_on_seed_row_and_element_and_not_on_how_rows_come_in_blocks()
    {
        var random = new Random(5);
        int[] shape = [3, 5, 7];
        var rows = Enumerable.Range(0, 40 * 105).Select(_ => random.NextSingle() * 255).ToArray();
        var ids = Enumerable.Range(0, 40).Select(row => new DataViewRowId((ulong)row * 977, (ulong)row % 3)).ToArray();
        foreach (var noise in Families)
        {
            var kernel = NoiseKernel.Create(noise, shape);
            var whole = (float[])rows.Clone();
            kernel.Apply(whole, 40, 9, ids);
            var parts = (float[])rows.Clone();
            for (var (row, size) = (0, 1); row < 40; (row, size) = (row + size, size % 4 + 1))
            {
                var count = Math.Min(size, 40 - row);
                kernel.Apply(parts.AsSpan(row * 105), count, 9, ids.AsSpan(row));
            }
            CollectionAssert.AreEqual(whole, parts, noise.ToString());

            // In any order, on any thread.
            var shuffled = (float[])rows.Clone();
            Parallel.ForEach(Enumerable.Range(0, 40).Reverse(), row => kernel.Apply(shuffled.AsSpan(row * 105), 1, 9, ids.AsSpan(row)));
            CollectionAssert.AreEqual(whole, shuffled, noise.ToString());

            var otherSeed = (float[])rows.Clone();
            kernel.Apply(otherSeed, 40, 10, ids);
            CollectionAssert.AreNotEqual(whole, otherSeed, noise.ToString());
        }
    }

    [TestMethod]
    public void An_elements_noise_does_not_depend_on_where_the_row_ends()
    {
        foreach (var noise in Families.Where(noise => noise is not SaltAndPepperNoise { Extremes: null }))
        {
            float[] row = [.. Enumerable.Repeat(100f, 100)];
            var whole = Rows.Apply(noise, [1, 1, 100], row);
            foreach (var length in new[] { 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 99 })
                CollectionAssert.AreEqual(whole[..length], Rows.Apply(noise, [1, 1, length], row[..length]), $"{noise} at {length}");
        }
    }

    [TestMethod]
    public void Clipping_limits_what_the_noise_without_it_gives()
    {
        float[] row = [.. Enumerable.Range(0, 256).Select(i => (float)i)];
        foreach (var noise in Families.OfType<ClippableNoise>())
        {
            var free = Rows.Apply(noise with { Clip = null }, [1, 16, 16], row);
            var clipped = Rows.Apply(noise with { Clip = new ValueRange(10, 200) }, [1, 16, 16], row);
            CollectionAssert.AreEqual(free.Select(value => Math.Clamp(value, 10, 200)).ToArray(), clipped, noise.ToString());
            Assert.Contains(10f, clipped, noise.ToString());
            Assert.Contains(200f, clipped, noise.ToString());
        }
    }

    [TestMethod]
    public void A_range_has_two_finite_ends_in_order()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ValueRange(5, 5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ValueRange(0, double.PositiveInfinity));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ValueRange(double.NaN, 1));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ValueRange(3, 2));
        StringAssert.Contains(error.Message, "above Low, 3");
        Assert.AreEqual("0 to 255", ValueRange.Pixels.ToString());
    }
}
