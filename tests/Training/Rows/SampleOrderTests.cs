using NoisyNN.Models.Training.Batches;

namespace NoisyNN.Tests.Training.Rows;

[TestClass]
public class SampleOrderTests
{
    [TestMethod]
    public void Each_epoch_visits_every_row_once_in_an_order_of_its_own()
    {
        var first = SampleOrder.Shuffle(1000, seed: 3, epoch: 0);
        var second = SampleOrder.Shuffle(1000, seed: 3, epoch: 1);
        Assert.AreSequenceEqual(Enumerable.Range(0, 1000), first.Order());
        Assert.AreSequenceEqual(Enumerable.Range(0, 1000), second.Order());
        Assert.IsFalse(first.SequenceEqual(second));
        Assert.IsFalse(first.SequenceEqual(SampleOrder.Shuffle(1000, seed: 4, epoch: 0)));
        Assert.AreSequenceEqual(first, SampleOrder.Shuffle(1000, seed: 3, epoch: 0));
    }

    [TestMethod]
    public void All_places_are_equally_likely()
    {
        // 6,000 epochs of 5 rows: each row lies first 1,200 times, within 5 standard errors (31 each).
        var counts = new int[5];
        for (var epoch = 0; epoch < 6000; epoch++)
            counts[SampleOrder.Shuffle(5, seed: 0, epoch)[0]]++;
        foreach (var count in counts)
            Assert.AreEqual(1200, count, 155);
    }
}
