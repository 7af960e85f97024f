using NoisyNN.Pipelines.Data;

namespace NoisyNN.Tests.Data;

[TestClass]
public sealed class StratifiedSamplingTests
{
    // 700 rows of class 0, 200 of class 1, 100 of class 2, mixed up.
    static readonly int[] s_rows = [.. Enumerable.Range(0, 1000)];

    [TestMethod]
    public void Each_class_keeps_its_share()
    {
        var chosen = StratifiedSampling.Choose(s_rows, ClassOf, 100, seed: 0, "test");

        Assert.AreSequenceEqual(new[] { 70, 20, 10 }, Counts(chosen));
    }

    [TestMethod]
    public void The_two_parts_of_a_cut_are_disjoint_and_complete_and_keep_their_order()
    {
        var (kept, held) = StratifiedSampling.Cut(s_rows, ClassOf, 0.1, seed: 3, "validation");

        Assert.AreSequenceEqual(new[] { 70, 20, 10 }, Counts(held));
        Assert.AreSequenceEqual(s_rows, kept.Concat(held).Order().ToArray());
        Assert.AreSequenceEqual(kept.Order().ToArray(), kept);
    }

    [TestMethod]
    public void The_seed_and_the_purpose_alone_decide()
    {
        var first = StratifiedSampling.Choose(s_rows, ClassOf, 100, seed: 1, "validation");

        Assert.AreSequenceEqual(first, StratifiedSampling.Choose(s_rows, ClassOf, 100, seed: 1, "validation"));
        Assert.AreNotSequenceEqual(first, StratifiedSampling.Choose(s_rows, ClassOf, 100, seed: 2, "validation"));
        Assert.AreNotSequenceEqual(first, StratifiedSampling.Choose(s_rows, ClassOf, 100, seed: 1, "test"));
        // In another order of rows the same ones are chosen.
        Assert.AreSequenceEqual(
            first,
            StratifiedSampling.Choose([.. s_rows.Reverse()], ClassOf, 100, seed: 1, "validation").Reverse().ToArray()
        );
    }

    [TestMethod]
    public void A_smaller_sample_is_part_of_a_larger_one()
    {
        var larger = StratifiedSampling.Choose(s_rows, ClassOf, 100, seed: 0, "limit").ToHashSet();
        for (var count = 0; count <= 100; count += 7)
            Assert.IsTrue(larger.IsSupersetOf(StratifiedSampling.Choose(s_rows, ClassOf, count, seed: 0, "limit")));
    }

    [TestMethod]
    public void A_small_class_gets_one_row_as_soon_as_there_are_enough()
    {
        int[] rows = [.. Enumerable.Range(0, 1000)];
        int OneInThousand(int row) => row == 500 ? 1 : 0;

        Assert.Contains(500, StratifiedSampling.Choose(rows, OneInThousand, 2, seed: 0, "limit"));
        // A cut never takes the last row of a class away from training.
        Assert.DoesNotContain(500, StratifiedSampling.Cut(rows, OneInThousand, 0.9, seed: 0, "test").Held);
    }

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(-0.1)]
    [DataRow(double.NaN)]
    public void A_fraction_outside_its_range_is_refused(double fraction)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            StratifiedSampling.Cut(s_rows, ClassOf, fraction, seed: 0, "validation")
        );

        Assert.Contains("validation fraction", error.Message);
    }

    static int ClassOf(int row) =>
        (row * 37 % 1000) switch
        {
            < 700 => 0,
            < 900 => 1,
            _ => 2,
        };

    static int[] Counts(int[] rows) => [.. rows.GroupBy(ClassOf).OrderBy(group => group.Key).Select(group => group.Count())];
}
