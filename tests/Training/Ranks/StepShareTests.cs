using NoisyNN.Models.Training.Batches;

namespace NoisyNN.Tests.Training.Ranks;

/// <summary>Which rows of a step a rank computes.</summary>
[TestClass]
public sealed class StepShareTests
{
    [TestMethod]
    [DataRow(2, 64, 1, 64, new[] { 32, 32 }, DisplayName = "halves")]
    [DataRow(3, 64, 1, 64, new[] { 22, 22, 20 }, DisplayName = "unequal parts")]
    [DataRow(2, 64, 2, 128, new[] { 64, 64 }, DisplayName = "two parts for each")]
    [DataRow(2, 64, 1, 40, new[] { 32, 8 }, DisplayName = "an epoch's last step")]
    [DataRow(4, 64, 1, 20, new[] { 16, 4, 0, 0 }, DisplayName = "a last step without rows for all")]
    [DataRow(1, 64, 2, 128, new[] { 128 }, DisplayName = "one process")]
    public void Ranks_divide_the_rows_of_a_step_in_their_order(int ranks, int batch, int accumulation, int rows, int[] counts)
    {
        var next = 0;
        for (var rank = 0; rank < ranks; rank++)
        {
            var (start, count) = new StepShare(rank, ranks, batch, accumulation).Of(rows);
            Assert.AreEqual(counts[rank], count);
            Assert.AreEqual(next, start);
            next += count;
        }
        Assert.AreEqual(rows, next);
    }

    [TestMethod]
    public void The_parts_are_those_of_one_process_that_accumulates_smaller_batches()
    {
        var alone = new StepShare(Rank: 0, RankCount: 1, BatchSize: 16, AccumulationSteps: 4);
        for (var rank = 0; rank < 2; rank++)
        {
            var share = new StepShare(rank, RankCount: 2, BatchSize: 32, AccumulationSteps: 2);
            Assert.AreEqual(alone.PartSize, share.PartSize);
            Assert.AreEqual(alone.StepSize, share.StepSize);
            Assert.AreEqual(share.FirstPart, share.Of(share.StepSize).Start / alone.PartSize);
        }
    }
}
