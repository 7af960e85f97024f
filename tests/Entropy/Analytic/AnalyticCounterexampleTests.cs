using NoisyNN.Transforms.Entropy.Analytic;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.LinearTransform;

namespace NoisyNN.Tests.Entropy.Analytic;

/// <summary>
/// aI + (1-a)/k 11ᵀ meets every constraint of the optimality theorem of NoisyNN (arXiv 2309.10625) and beats its optimum.
/// </summary>
[TestClass]
public class AnalyticCounterexampleTests
{
    [TestMethod]
    [DataRow(0.5, 2.079442)]
    [DataRow(0.2, 4.828314)]
    [DataRow(0.1, 6.907755)]
    [DataRow(0.01, 13.815511)]
    public void Of_four_rows_the_change_grows_as_the_own_weight_falls(double ownWeight, double change)
    {
        var example = new OptimalityCounterexample(4, ownWeight);
        Assert.AreEqual(change, example.Paper, 5e-7);
        Assert.AreEqual(-3 * Math.Log(ownWeight), example.Paper, 1e-9 * change);
        Assert.AreEqual(0, example.Change.Conditional);
        Assert.AreEqual(ownWeight < 0.2, example.RefutesTheorem);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(4)]
    [DataRow(16)]
    public void The_claimed_optimum_is_one_member(int size)
    {
        var member = OptimalityCounterexample.ClaimedOptimum(size);
        var (expected, actual) = (new OptimalMixingNoise(MixAxis.Batch).ToMatrix(size), member.ToMatrix());
        for (var i = 0; i < size * size; i++)
            Assert.AreEqual(expected[i / size, i % size], actual[i / size, i % size], 1e-15);
        Assert.AreEqual(new OptimalMixingNoise(MixAxis.Batch).EntropyChange(size).Paper!.Value, member.Paper, 1e-9 * member.Paper);
        Assert.AreEqual(member.ClaimedMaximum, member.Paper, 1e-12 * member.Paper);
    }

    [TestMethod]
    [DataRow(2, 0.3)]
    [DataRow(5, 0.01)]
    [DataRow(40, 1e-5)]
    public void Every_member_meets_the_three_constraints(int size, double ownWeight)
    {
        var matrix = new OptimalityCounterexample(size, ownWeight).ToMatrix();
        for (var i = 0; i < size; i++)
        {
            Assert.AreEqual(1, Enumerable.Range(0, size).Sum(j => Math.Abs(matrix[i, j])), 1e-12);
            Assert.IsTrue(Enumerable.Range(0, size).All(j => matrix[i, i] >= matrix[i, j]));
        }
        // Full rank: the determinant, by elimination, is a to the power k-1.
        var logDeterminant = 0.0;
        for (var k = 0; k < size; k++)
        {
            logDeterminant += Math.Log(matrix[k, k]);
            for (var i = k + 1; i < size; i++)
            {
                for (var j = k + 1; j < size; j++)
                    matrix[i, j] -= matrix[i, k] * matrix[k, j] / matrix[k, k];
            }
        }
        Assert.AreEqual((size - 1) * Math.Log(ownWeight), logDeterminant, 1e-6);
    }

    [TestMethod]
    [DataRow(10.0)]
    [DataRow(100.0)]
    [DataRow(2000.0)]
    public void Any_change_is_reached_so_that_none_is_the_largest(double change)
    {
        var example = OptimalityCounterexample.Reaching(4, change);
        Assert.AreEqual(change, example.Paper, 1e-9 * change);
        Assert.IsTrue(example.RefutesTheorem);
        Assert.AreEqual(change < 40, example.IsWellConditioned);
    }

    [TestMethod]
    public void In_the_limit_every_row_is_the_mean_of_all()
    {
        foreach (var weight in new OptimalityCounterexample(4, 1e-300).ToMatrix())
            Assert.AreEqual(0.25, weight, 1e-15);
    }

    [TestMethod]
    public void One_row_no_weight_and_the_whole_weight_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OptimalityCounterexample(1, 0.5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OptimalityCounterexample(4, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OptimalityCounterexample(4, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OptimalityCounterexample(4, double.NaN));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => OptimalityCounterexample.Reaching(4, 1e9));
    }
}
