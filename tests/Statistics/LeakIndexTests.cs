using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Statistics;

/// <summary>
/// Simulated classifiers on rows whose evidence for a class is a normal value with a larger mean for the true class. One that leaks adds
/// the evidence of its batch to that of the row.
/// </summary>
[TestClass]
public sealed class LeakIndexTests
{
    const int Rows = 1000;

    // The cases in which the interval of independent rows covered 66 to 94 of 100.
    [TestMethod]
    [DataRow(10, 10)]
    [DataRow(100, 10)]
    [DataRow(10, 64)]
    [DataRow(100, 64)]
    public void The_interval_covers_95_of_100_where_the_rows_of_a_batch_share_its_fate(int classes, int batch)
    {
        var outcomes = Enumerable.Range(1, 250).Select(seed => Mixing(new Random(seed), classes, batch)).ToList();
        var truth = outcomes.Average(outcome => outcome.Differences.Average());

        Assert.IsGreaterThan(0.02, truth, "sorted batches gain");
        var estimates = outcomes.Select(outcome => outcome.Estimate()).ToList();
        Assert.IsGreaterThan(0.9 * estimates.Count, estimates.OfType<MeanEstimate>().Count());
        Assert.IsGreaterThanOrEqualTo(0.93, Simulation.Coverage(estimates, truth));
    }

    [TestMethod]
    public void Five_of_100_classifiers_without_a_leak_at_most_are_accused()
    {
        // Its noise draws anew on every pass, and each batch of a pass shares a draw, but no row sees another one.
        var alarms = Simulation.Share(
            1000,
            random =>
            {
                bool[] Pass(int batch)
                {
                    var order = Shuffled(random);
                    var right = new bool[Rows];
                    for (var start = 0; start < Rows; start += batch)
                    {
                        var share = random.NextDouble() < 0.5 ? 0.75 : 0.95;
                        foreach (var row in order.Skip(start).Take(batch))
                            right[row] = random.NextDouble() < share;
                    }
                    return right;
                }
                int[] sorted = [.. Enumerable.Range(0, Rows)];
                return LeakIndex
                    .JudgeFamily([
                        .. new[] { 2, 10, 64 }.Select(batch =>
                            OrderedOutcomes.Of(
                                batch,
                                sorted,
                                SortedPass(random, batch),
                                [.. Enumerable.Range(0, 5).Select(_ => Pass(batch))]
                            )
                        ),
                    ])
                    .Any(leak => leak.IsShown);
            }
        );

        Assert.IsLessThanOrEqualTo(0.05, alarms);
    }

    [TestMethod]
    public void A_leak_is_shown_and_counts_for_each_batch_size_of_the_family()
    {
        var random = new Random(1);

        var leaks = LeakIndex.JudgeFamily([Mixing(random, 10, 10), Mixing(random, 10, 20)]);

        Assert.IsTrue(leaks.All(leak => leak.IsShown && leak.Interval!.Value.Low > 0 && leak.PValue < 0.05));
        Assert.AreEqual(10, leaks[0].Batch);
    }

    [TestMethod]
    public void A_single_shuffled_order_and_too_few_batches_have_no_interval()
    {
        var random = new Random(1);
        int[] sorted = [.. Enumerable.Range(0, Rows)];

        Assert.IsNull(OrderedOutcomes.Of(10, sorted, SortedPass(random, 10), [SortedPass(random, 10)]).Estimate());
        Assert.IsNull(LeakIndex.JudgeFamily([Mixing(random, 10, 250)])[0].Interval);
    }

    static bool[] SortedPass(Random random, int batch)
    {
        var right = new bool[Rows];
        for (var start = 0; start < Rows; start += batch)
        {
            var share = random.NextDouble() < 0.5 ? 0.75 : 0.95;
            for (var row = start; row < Math.Min(Rows, start + batch); row++)
                right[row] = random.NextDouble() < share;
        }
        return right;
    }

    static OrderedOutcomes Mixing(Random random, int classes, int batch)
    {
        // Few classes are told apart with less evidence.
        var signal = classes > 10 ? 3.2 : 2.2;
        var evidence = Simulation.Normal(random, Rows * classes, 0, 1);
        for (var row = 0; row < Rows; row++)
            evidence[row * classes + ClassOf(row)] += signal;
        int[] sorted = [.. Enumerable.Range(0, Rows)];
        return OrderedOutcomes.Of(batch, sorted, Pass(sorted), [.. Enumerable.Range(0, 5).Select(_ => Pass(Shuffled(random)))]);

        int ClassOf(int row) => row * classes / Rows;

        bool[] Pass(int[] order)
        {
            var (right, sum) = (new bool[Rows], new double[classes]);
            for (var start = 0; start < Rows; start += batch)
            {
                var members = order.AsSpan(start, Math.Min(batch, Rows - start));
                Array.Clear(sum);
                foreach (var row in members)
                    for (var i = 0; i < classes; i++)
                        sum[i] += evidence[row * classes + i] / members.Length;
                foreach (var row in members)
                {
                    var best = 0;
                    for (var i = 1; i < classes; i++)
                        if (Mixed(row, i) > Mixed(row, best))
                            best = i;
                    right[row] = best == ClassOf(row);
                }
            }
            return right;

            double Mixed(int row, int i) => evidence[row * classes + i] + sum[i];
        }
    }

    static int[] Shuffled(Random random)
    {
        int[] order = [.. Enumerable.Range(0, Rows)];
        random.Shuffle(order);
        return order;
    }
}
