using NoisyNN.Transforms.Entropy.Spectra;

namespace NoisyNN.Tests.Entropy;

/// <summary>What <c>random.seed(seed)</c> and <c>random.sample(range(n), k)</c> of CPython 3.11 give.</summary>
[TestClass]
public class PythonRandomTests
{
    [TestMethod]
    public void Five_samples_in_a_row_are_those_of_Python()
    {
        var random = new PythonRandom(0);
        int[][] expected =
        [
            [6, 11, 0, 4],
            [8, 7, 6, 4],
            [7, 5, 9, 3],
            [8, 2, 4, 10],
            [1, 9, 4, 8],
        ];
        foreach (var sample in expected)
            CollectionAssert.AreEqual(sample, random.Sample(12, 4));
    }

    // The first numbers, the last three of a second sample, and a checksum of all: Σ i·number mod 1000003.
    [TestMethod]
    [DataRow(0L, 100_000, 5, new[] { 50494, 99346, 55125, 5306, 33936 }, new[] { 53075, 39755, 62468 }, 361258L)]
    [DataRow(0L, 1000, 8, new[] { 864, 394, 776, 911, 430 }, new[] { 849, 310, 991 }, 15110L)]
    [DataRow(7L, 50, 20, new[] { 20, 9, 25, 41, 3 }, new[] { 18, 26, 4 }, 4554L)]
    [DataRow(-3L, 21, 5, new[] { 7, 18, 17, 4, 11 }, new[] { 18, 2, 0 }, 108L)]
    [DataRow(12345678901L, 1000, 6, new[] { 968, 610, 335, 888, 393 }, new[] { 784, 171, 992 }, 7326L)]
    [DataRow(0L, 20_000, 10_000, new[] { 12623, 13781, 1326, 8484, 16753 }, new[] { 12616, 3482, 4824 }, 828735L)]
    [DataRow(1L, 86, 6, new[] { 17, 72, 8, 32, 15 }, new[] { 48, 26, 12 }, 559L)]
    [DataRow(1L, 85, 6, new[] { 17, 72, 8, 32, 15 }, new[] { 26, 12, 62 }, 559L)]
    [DataRow(3L, 5, 5, new[] { 1, 4, 3, 2, 0 }, new[] { 1, 2, 3 }, 16L)]
    public void Samples_are_those_of_Python_from_the_pool_and_from_the_set(
        long seed,
        int n,
        int k,
        int[] first,
        int[] lastOfSecond,
        long checksum
    )
    {
        var random = new PythonRandom(seed);
        var sample = random.Sample(n, k);

        CollectionAssert.AreEqual(first, sample[..first.Length]);
        Assert.AreEqual(checksum, sample.Select((number, i) => (long)i * number).Sum() % 1_000_003);
        CollectionAssert.AreEqual(lastOfSecond, random.Sample(n, k)[^3..]);
    }

    [TestMethod]
    public void More_than_there_are_cannot_be_drawn() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PythonRandom(0).Sample(3, 4));
}
