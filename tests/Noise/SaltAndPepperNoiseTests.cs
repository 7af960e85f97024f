using Microsoft.ML.Data;
using NoisyNN.Tests.Noise.Fixtures;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.SaltAndPepper;

namespace NoisyNN.Tests.Noise;

[TestClass]
public class SaltAndPepperNoiseTests
{
    [TestMethod]
    [DataRow(0.01)]
    [DataRow(0.1)]
    [DataRow(0.5)]
    [DataRow(0.9)]
    public void Salt_and_pepper_each_take_half_of_the_probability_within_four_standard_errors(double probability)
    {
        // Values strictly between the extremes, which sit at both ends of every row.
        float[] row = [0, .. Enumerable.Repeat(1f, 998), 2];
        var rows = Enumerable.Repeat(row, 500).SelectMany(r => r).ToArray();
        var noisy = Rows.Apply(new SaltAndPepperNoise(probability), [1000], rows);
        var inner = noisy.Where((_, i) => i % 1000 is not (0 or 999)).ToArray();
        var error = 4 * Math.Sqrt(probability / 2 * (1 - probability / 2) / inner.Length);
        Assert.AreEqual(probability / 2, inner.Count(value => value == 2) / (double)inner.Length, error, "salt");
        Assert.AreEqual(probability / 2, inner.Count(value => value == 0) / (double)inner.Length, error, "pepper");
    }

    [TestMethod]
    public void Extremes_are_those_of_the_row_and_not_of_the_batch()
    {
        float[] rows = [.. Enumerable.Range(0, 50).Select(i => (float)i), .. Enumerable.Range(1000, 50).Select(i => (float)i)];
        var noisy = Rows.Apply(new SaltAndPepperNoise(1), [50], rows);
        CollectionAssert.AreEquivalent(new[] { 0f, 49f }, noisy[..50].Distinct().ToArray());
        CollectionAssert.AreEquivalent(new[] { 1000f, 1049f }, noisy[50..].Distinct().ToArray());
    }

    [TestMethod]
    public void Extremes_are_found_wherever_they_are_in_rows_of_any_length()
    {
        for (var length = 2; length < 70; length++)
        {
            for (var greatest = 0; greatest < length; greatest++)
            {
                var row = new float[length];
                row[greatest] = 5;
                row[(greatest + 1) % length] = -3;
                var noisy = Rows.Apply(new SaltAndPepperNoise(1), [length], row, seed: 3);
                Assert.IsTrue(noisy.All(value => value is 5 or -3), $"length {length}, greatest at {greatest}");
            }
        }
    }

    [TestMethod]
    public void Probability_zero_changes_nothing() =>
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f }, Rows.Apply(new SaltAndPepperNoise(0), [3], [1, 2, 3]));

    [TestMethod]
    public void Given_extremes_take_the_place_of_the_rows_own()
    {
        float[] row = [.. Enumerable.Repeat(100f, 5000)];
        CollectionAssert.AreEquivalent(
            new[] { -1f, 7f, 100f },
            Rows.Apply(new SaltAndPepperNoise(0.5, new ValueRange(-1, 7)), [5000], row).Distinct().ToArray()
        );
        CollectionAssert.AreEqual(row, Rows.Apply(new SaltAndPepperNoise(0.5), [5000], row), "a row of one value has no other extremes");
    }

    [TestMethod]
    public void It_compares_halves_of_the_rows_words_with_half_the_probability_from_both_ends()
    {
        var id = new DataViewRowId(11, 0);
        var (first, second) = Rows.Words(seed: 77, id, blocks: 6);
        float[] row = [.. Enumerable.Range(0, 300).Select(i => (float)i)];
        var noisy = (float[])row.Clone();
        NoiseKernel.Create(new SaltAndPepperNoise(0.4), [300]).Apply(noisy, 1, 77, [id]);
        for (var element = 0; element < 300; element++)
        {
            // Each vector of sixteen words serves thirty-two elements, upper halves first; first and second words take turns.
            var (vector, lane) = (element / 32, element % 16);
            var word = (vector % 2 == 0 ? first : second)[vector / 2 * 16 + lane];
            var uniform = (element % 32 < 16 ? word >> 16 : word & 0xFFFF) / 65536.0;
            Assert.AreEqual(
                uniform < 0.2 ? 299
                    : uniform >= 0.8 ? 0
                    : row[element],
                noisy[element],
                $"element {element}"
            );
        }
    }

    [TestMethod]
    [DataRow(1e-5)]
    [DataRow(4e-5)]
    [DataRow(1 / 32768.0)]
    public void A_probability_below_the_resolution_of_sixteen_bits_is_kept(double probability)
    {
        // 32 million elements: an own count for salt and for pepper, each binomial.
        const int count = 1 << 20;
        var kernel = NoiseKernel.Create(new SaltAndPepperNoise(probability, ValueRange.Unit), [count]);
        var (salt, pepper, rows) = (0, 0, 32);
        var row = new float[count];
        for (var id = 0; id < rows; id++)
        {
            Array.Fill(row, 0.5f);
            kernel.Apply(row, 1, 3, [new((ulong)id, 0)]);
            salt += row.Count(value => value == 1);
            pepper += row.Count(value => value == 0);
        }
        var expected = probability / 2 * count * rows;
        Assert.AreEqual(expected, salt, 4 * Math.Sqrt(expected));
        Assert.AreEqual(expected, pepper, 4 * Math.Sqrt(expected));
    }

    [TestMethod]
    public void Elements_whose_sixteen_bits_are_those_of_the_threshold_are_decided_by_more()
    {
        // p/2 = 6.5/65536: of the elements with the value 6 (and 65529), half are replaced.
        const int count = 1 << 20;
        var noisy = Rows.Apply(
            new SaltAndPepperNoise(13 / 65536.0, ValueRange.Unit),
            [count],
            [.. Enumerable.Repeat(0.5f, count)],
            seed: 5
        );
        var (first, second) = Rows.Words(seed: 5, new(0, 0), blocks: count / 64);
        var (ties, replaced) = (0, 0);
        for (var element = 0; element < count; element++)
        {
            var (vector, lane) = (element / 32, element % 16);
            var word = (vector % 2 == 0 ? first : second)[vector / 2 * 16 + lane];
            var bits = element % 32 < 16 ? word >> 16 : word & 0xFFFF;
            if (bits is 6 or 65529)
            {
                ties++;
                replaced += noisy[element] == 0.5f ? 0 : 1;
                Assert.AreNotEqual(bits == 6 ? 0f : 1f, noisy[element]);
            }
            else
            {
                Assert.AreEqual(
                    bits < 6 ? 1
                        : bits > 65529 ? 0
                        : 0.5f,
                    noisy[element]
                );
            }
        }
        Assert.AreEqual(0.5, replaced / (double)ties, 4 * 0.5 / Math.Sqrt(ties), $"of {ties}");
    }
}
