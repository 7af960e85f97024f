using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Statistics;

[TestClass]
public sealed class IntervalTests
{
    [TestMethod]
    [DataRow(8, 10, 0.490162, 0.943318)]
    [DataRow(0, 20, 0.0, 0.161125)]
    [DataRow(20, 20, 0.838875, 1.0)]
    [DataRow(8750, 10000, 0.868374, 0.881338)]
    public void The_interval_of_a_share_is_wilsons(int correct, int total, double low, double high)
    {
        var interval = Interval.OfShare(correct, total);

        Assert.AreEqual(low, interval.Low, 1e-6);
        Assert.AreEqual(high, interval.High, 1e-6);
    }

    [TestMethod]
    [DataRow(5, 1, 20, -0.058438, 0.422074)]
    [DataRow(1, 5, 20, -0.422074, 0.058438)]
    [DataRow(12, 9, 10_000, -0.000639819, 0.001239699)]
    [DataRow(0, 0, 100, -0.027175, 0.027175)]
    [DataRow(3, 0, 3, -0.101218, 1.0)]
    public void The_interval_of_paired_shares_is_bonetts_and_prices(int gained, int lost, int total, double low, double high)
    {
        // (b - c) / (n + 2) ± 1.96 sqrt((b + c + 2 - (b - c)²/(n + 2)) / (n + 2)²).
        var interval = Interval.OfPairedShares(gained, lost, total);

        Assert.AreEqual(low, interval.Low, 1e-6);
        Assert.AreEqual(high, interval.High, 1e-6);
    }

    [TestMethod]
    public void Counts_that_cannot_be_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Interval.OfShare(3, 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Interval.OfShare(0, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Interval.OfPairedShares(2, 2, 3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Interval.OfPairedShares(-1, 0, 3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Interval.OfPairedShares(0, 0, 0));
    }
}
