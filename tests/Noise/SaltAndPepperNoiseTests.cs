using Microsoft.ML.Data;
using NoisyNN.Transforms.Noise;

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
    public void It_compares_the_rows_words_with_half_the_probability_from_both_ends()
    {
        var id = new DataViewRowId(11, 0);
        var (first, second) = Rows.Words(seed: 77, id, blocks: 3);
        float[] row = [.. Enumerable.Range(0, 96).Select(i => (float)i)];
        var noisy = (float[])row.Clone();
        NoiseKernel.Create(new SaltAndPepperNoise(0.4), [96]).Apply(noisy, 1, 77, [id]);
        for (var element = 0; element < 96; element++)
        {
            var words = element % 32 < 16 ? first : second;
            var uniform = words[element / 32 * 16 + element % 16] / 4294967296.0;
            Assert.AreEqual(uniform < 0.2 ? 95 : uniform >= 0.8 ? 0 : row[element], noisy[element]);
        }
    }
}
