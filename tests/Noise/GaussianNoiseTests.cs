using Microsoft.ML.Data;
using NoisyNN.Tests.Noise.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;

namespace NoisyNN.Tests.Noise;

[TestClass]
public class GaussianNoiseTests
{
    const int RowCount = 1000;
    const int Length = 1000;

    static readonly double[] StandardNormal =
    [
        .. Rows.Apply(new GaussianNoise(1), [Length], new float[RowCount * Length], seed: 20230919).Select(value => (double)value),
    ];

    [TestMethod]
    public void Its_moments_are_those_of_the_normal_law_within_four_standard_errors()
    {
        double n = StandardNormal.Length;
        Assert.AreEqual(0, StandardNormal.Average(), 4 / Math.Sqrt(n));
        Assert.AreEqual(1, StandardNormal.Average(x => x * x), 4 * Math.Sqrt(2 / n));
        Assert.AreEqual(0, StandardNormal.Average(x => x * x * x), 4 * Math.Sqrt(15 / n));
        Assert.AreEqual(3, StandardNormal.Average(x => x * x * x * x), 4 * Math.Sqrt(96 / n));
    }

    [TestMethod]
    public void Its_quantiles_are_those_of_the_normal_law_within_four_standard_errors()
    {
        double n = StandardNormal.Length;
        foreach (
            var (bound, below) in new[]
            {
                (-3.0, 0.001349898),
                (-2.0, 0.022750132),
                (-1.0, 0.158655254),
                (0.0, 0.5),
                (0.5, 0.691462461),
                (1.5, 0.933192799),
                (3.5, 0.999767371),
            }
        )
            Assert.AreEqual(
                below,
                StandardNormal.Count(x => x < bound) / n,
                4 * Math.Sqrt(below * (1 - below) / n),
                $"share below {bound}"
            );
    }

    [TestMethod]
    public void Neighbouring_elements_and_rows_are_uncorrelated()
    {
        double n = StandardNormal.Length;
        foreach (var lag in new[] { 1, 2, 16, 32, Length, Length + 1 })
        {
            var correlation = Enumerable.Range(0, StandardNormal.Length - lag).Average(i => StandardNormal[i] * StandardNormal[i + lag]);
            Assert.AreEqual(0, correlation, 4 / Math.Sqrt(n), $"lag {lag}");
        }
    }

    [TestMethod]
    public void It_is_the_transform_of_Box_and_Muller_of_the_rows_words()
    {
        var id = new DataViewRowId(42, 7);
        var (first, second) = Rows.Words(seed: 5_000_000_001, id, blocks: 40);
        var noise = new float[40 * 32];
        NoiseKernel.Create(new GaussianNoise(2, 0.5), [noise.Length]).Apply(noise, 1, 5_000_000_001, [id]);

        for (var i = 0; i < first.Length; i++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(((first[i] >> 1) + 0.5) / 2147483648.0));
            var angle = (int)second[i] / 2147483648.0 * Math.PI / 2;
            var sign = (second[i] & 1) == 0 ? 1 : -1;
            var element = i / 16 * 32 + i % 16;
            Assert.AreEqual(0.5 + 2 * radius * Math.Cos(angle) * sign, noise[element], 4e-6);
            Assert.AreEqual(0.5 + 2 * radius * Math.Sin(angle), noise[element + 16], 4e-6);
        }
    }

    [TestMethod]
    public void An_elements_noise_does_not_depend_on_where_the_row_ends()
    {
        var whole = Rows.Apply(new GaussianNoise(1), [100], new float[100]);
        for (var length = 1; length < 100; length++)
            CollectionAssert.AreEqual(whole[..length], Rows.Apply(new GaussianNoise(1), [length], new float[length]));
    }

    [TestMethod]
    public void A_rows_noise_depends_on_its_id_and_the_seed_and_on_nothing_else()
    {
        var kernel = NoiseKernel.Create(new GaussianNoise(1), [5, 7]);
        var together = new float[3 * 35];
        kernel.Apply(together, 3, 9, [new(3, 0), new(1, 0), new(1, 1)]);
        var alone = new float[35];
        kernel.Apply(alone, 1, 9, [new(1, 0)]);
        CollectionAssert.AreEqual(together[35..70], alone);
        CollectionAssert.AreNotEqual(together[..35], alone);
        CollectionAssert.AreNotEqual(together[70..], alone);

        var otherSeed = new float[35];
        kernel.Apply(otherSeed, 1, 10, [new(1, 0)]);
        CollectionAssert.AreNotEqual(otherSeed, alone);
    }

    [TestMethod]
    public void Without_deviation_it_only_shifts_by_the_mean() =>
        CollectionAssert.AreEqual(new[] { 3.5f, 4.5f }, Rows.Apply(new GaussianNoise(0, 2.5), [2], [1, 2]));

    [TestMethod]
    public void Rows_that_do_not_fit_the_block_are_refused()
    {
        var kernel = NoiseKernel.Create(new GaussianNoise(1), [4]);
        Assert.ThrowsExactly<ArgumentException>(() => kernel.Apply(new float[7], 2, 1, Rows.Ids(2)));
        Assert.ThrowsExactly<ArgumentException>(() => kernel.Apply(new float[8], 2, 1, Rows.Ids(1)));
    }
}
