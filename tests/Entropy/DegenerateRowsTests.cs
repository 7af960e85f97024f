using NoisyNN.Transforms.Entropy;
using NoisyNN.Transforms.Entropy.Measured;
using static NoisyNN.Tests.Entropy.Reference;

namespace NoisyNN.Tests.Entropy;

/// <summary>Rows and labels that leave little to measure.</summary>
[TestClass]
public class DegenerateRowsTests
{
    [TestMethod]
    public void Equal_points_and_a_single_point_have_no_entropy()
    {
        foreach (var mode in new[] { EntropyMode.Spectral, EntropyMode.Adjacency, EntropyMode.ClassicShannon })
        {
            Assert.AreEqual(0, Dse(Make(7, 3, (_, j) => 1e3 + j / 3.0), Sigma(1, mode: mode)), 1e-12);
            Assert.AreEqual(0, Dse(Make(100, 3, (_, j) => 1e3 + j / 3.0), Sigma(1, mode: mode)), 1e-11);
            Assert.AreEqual(0, Dse(Make(1, 3, (_, j) => j), Sigma(1, mode: mode)), 1e-12);
        }
    }

    [TestMethod]
    public void Rows_far_beyond_the_bandwidth_have_the_entropy_of_as_many_classes_of_equals()
    {
        // Ten places 1e6 apart with ten equal rows each: log2 10 bits, although products of such rows lose all digits of a distance of 0.
        var rows = Make(100, 2, (i, j) => 1e6 * (i % 10) + 0.1 * j);
        Assert.AreEqual(Math.Log2(10), Dse(rows, Sigma(1)), 1e-9);
        Assert.AreEqual(Math.Log2(10), Dse(rows, Sigma(1) with { Precision = EntropyPrecision.Single }), 1e-5);
    }

    [TestMethod]
    public void A_bandwidth_that_the_rows_do_not_give_is_asked_for()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Dse(Make(1, 3, (_, j) => j), new())).Message,
            "needs the distance between two rows, but there is one row"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Dse(Make(6, 3, (_, j) => j), new())).Message,
            "median distance is 0; give σ"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Dse(A, new() { Bandwidth = Bandwidth.Adaptive(4) })).Message,
            "4 rows have no 4 neighbours"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Dse(A, new() { Mode = EntropyMode.NeighborAdjacency })).Message,
            "4 rows have no 10 nearest neighbours"
        );
    }

    [TestMethod]
    public void Labels_of_one_class_tell_nothing_and_those_of_one_row_each_neither()
    {
        var one = DiffusionEntropy.Measure(M, RowClasses.Of(Enumerable.Repeat("a", 12)), Sigma(1));
        Assert.AreEqual(0, one.Dsmi);
        StringAssert.Contains(one.Notes.Single(), "all rows are of one class, 'a'");

        var all = DiffusionEntropy.Measure(M, RowClasses.Of(Enumerable.Range(0, 12).Select(i => (long)i)), Sigma(1));
        Assert.AreEqual(0, all.Dsmi!.Value, 1e-12);
        StringAssert.Contains(all.Notes.Single(), "12 of 12 classes have one row");
    }

    [TestMethod]
    public void Labels_that_do_not_fit_and_values_that_are_not_finite_are_refused()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => DiffusionEntropy.Measure(M, RowClasses.Of(["a", "b"]))).Message,
            "2 labels do not fit 12 rows"
        );
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new FeatureMatrix([0, 1, double.NaN, 3], 2)).Message,
            "NaN at element 0 of row 1"
        );
        Assert.ThrowsExactly<ArgumentException>(() => new FeatureMatrix([], 2));
        Assert.ThrowsExactly<ArgumentException>(() => new FeatureMatrix([1, 2, 3], 2));
        Assert.ThrowsExactly<ArgumentException>(() => new FeatureMatrix([1], 0));
    }

    [TestMethod]
    public void Options_are_checked_when_they_are_set()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Bandwidth.Of(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Bandwidth.Of(double.NaN));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new EntropyOptions { Power = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new EntropyOptions { MaxRows = 1 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new EntropyOptions { Subsamples = 5 });
        Assert.ThrowsExactly<ArgumentException>(() => Dse(M, new() { IsApproximate = true, Mode = EntropyMode.MatrixEntry }));
        Assert.ThrowsExactly<ArgumentException>(() => Dse(M, new() { IsApproximate = true, Bandwidth = Bandwidth.Adaptive() }));
        Assert.ThrowsExactly<ArgumentException>(() => Dse(M, new() { IsApproximate = true, Power = 0.5 }));
    }

    [TestMethod]
    public void A_constant_column_changes_no_scaled_entropy()
    {
        var with = Make(12, 5, (i, j) => j < 4 ? M[i][j] : 0.1);
        foreach (var scaling in new[] { FeatureScaling.None, FeatureScaling.ZScore })
            Assert.AreEqual(Dse(M, Sigma(1) with { Scaling = scaling }), Dse(with, Sigma(1) with { Scaling = scaling }), 1e-12);
        var zeros = Make(5, 2, (i, j) => i == 0 ? 0 : 3 * i * (j + 1));
        // Rows of one direction become one point, the row of zeros stays another at distance 1.
        var expected = Dse(new([0, 0, 1, 0, 1, 0, 1, 0, 1, 0], 2), Sigma(1));
        Assert.AreEqual(expected, Dse(zeros, Sigma(1) with { Scaling = FeatureScaling.UnitLength }), 1e-12);
    }

    [TestMethod]
    [DataRow(1e200)]
    [DataRow(1e-200)]
    public void Values_whose_squares_overflow_or_vanish_have_z_scores_but_no_median_distance(double unit)
    {
        var rows = Make(12, 4, (i, j) => unit * M[i][j]);
        Assert.AreEqual(3.4090272648, Dse(rows, Sigma(1) with { Scaling = FeatureScaling.ZScore }), 5.1e-11);
        foreach (
            var options in new EntropyOptions[]
            {
                new(),
                new() { Bandwidth = Bandwidth.Adaptive(2) },
                new() { Mode = EntropyMode.NeighborAdjacency, Neighbors = 3 },
            }
        )
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Dse(rows, options)).Message, "use z-scores");
    }

    [TestMethod]
    public void Sizes_whose_squares_float64_does_not_hold_are_refused_in_words()
    {
        var large = Make(12, 4, (i, j) => 1e160 * M[i][j]);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Dse(large, Sigma(1e160))).Message,
            "whose squares overflow float64"
        );
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Dse(M, Sigma(1e-170))).Message, "σ is 1e-170");
    }

    [TestMethod]
    public void A_power_below_one_is_noted()
    {
        StringAssert.Contains(DiffusionEntropy.Measure(M, options: Sigma(1, power: 0.1)).Notes.Single(), "a power below 1");
        Assert.IsEmpty(DiffusionEntropy.Measure(M, options: Sigma(1, power: 1)).Notes);
    }

    [TestMethod]
    public void An_adaptive_bandwidth_of_equidistant_rows_is_their_distance()
    {
        // The corners of a simplex: every row's nearest neighbour is √2 away.
        var corners = Make(6, 6, (i, j) => i == j ? 1 : 0);
        Assert.AreEqual(Dse(corners, Sigma(Math.Sqrt(2))), Dse(corners, new() { Bandwidth = Bandwidth.Adaptive(2) }), 1e-12);
    }
}
