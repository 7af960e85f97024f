using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Reports;

[TestClass]
public sealed class ReplicatedReportTests
{
    static ReplicateSummary Seed(int seed, double vanilla, double noisy) =>
        new(
            $"seed-{seed}",
            $"seed {seed}",
            new Summary
            {
                Name = "a <b>bold</b> name",
                Finished = DateTimeOffset.UnixEpoch,
                TotalSeconds = 60,
                Engines = new("5.0.1", "0.107.0, libtorch 2.10.0", "1.31.1", "cpu", 1),
                Command = "./noisynn train file.yaml",
                Seed = seed,
                Dataset = new("fashion-mnist", 54_000, 6_000, 10_000, new string('a', 64)),
                Runs = [Run("vanilla", vanilla), Run("noisy", noisy)],
                Protocol = [],
                ProtocolSite = "not run",
                Leaks = [],
                BatchInvariance = 1e-6,
                Verdict = "",
                Onnx = new("model.onnx", 17, 3e-6, noisy, 5400, 64),
            }
        );

    static RunSummary Run(string name, double accuracy) =>
        new(name, "none", accuracy, accuracy, accuracy - 0.006, accuracy + 0.006, 6, 6, 71, 4600, 203_000);

    [TestMethod]
    public void The_mean_has_the_sample_deviation_beside_it()
    {
        // 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26, over n - 1 = 2.
        var figure = MeanAndDeviation.Of([2, 4, 9]);

        Assert.AreEqual(5, figure.Mean, 1e-12);
        Assert.AreEqual(Math.Sqrt(13), figure.StandardDeviation, 1e-12);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => MeanAndDeviation.Of([1]));
    }

    [TestMethod]
    public void The_difference_is_paired_so_that_what_seeds_share_cancels()
    {
        // Seeds differ by far more than the networks do.
        var difference = ReplicatedSummary
            .Of([Seed(1, 0.80, 0.809), Seed(2, 0.90, 0.911), Seed(3, 0.85, 0.86)], ReplicatedSummary.Seeds)
            .Difference!;

        Assert.AreEqual(0.01, difference.Test.Mean, 1e-12);
        Assert.AreEqual(0.001, difference.Test.StandardDeviation, 1e-12);
        // 1 ± 4.3027 · 0.1 / √3 points
        Assert.AreEqual(0.01 - 4.3027 * 0.001 / Math.Sqrt(3), difference.Effect.Interval!.Value.Low, 1e-6);
        Assert.StartsWith("Verdict: helps. 95 % interval +0.75 to +1.25 points, p 0.0033, n 3.", difference.Verdict);
        Assert.Contains("As many seeds find a difference of 0.31 points in 80 of 100 repetitions.", difference.Verdict);
    }

    [TestMethod]
    public void Folds_share_training_rows_so_that_their_interval_is_wider()
    {
        ReplicateSummary[] replicates = [Seed(1, 0.80, 0.809), Seed(2, 0.90, 0.911), Seed(3, 0.85, 0.86)];
        var (seeds, folds) = (Of(ReplicatedSummary.Seeds), Of(ReplicatedSummary.Folds));

        // √(1/3 + 1/2) against √(1/3)
        Assert.AreEqual(Math.Sqrt(2.5), Width(folds) / Width(seeds), 1e-9);
        Assert.Contains("As many folds find", folds.Difference!.Verdict);
        Assert.Contains("accuracy on the fold that judged", ReplicatedReport.Render(folds));

        ReplicatedSummary Of(string over) => ReplicatedSummary.Of(replicates, over);
        static double Width(ReplicatedSummary summary) =>
            summary.Difference!.Effect.Interval is { } interval ? interval.High - interval.Low : double.NaN;
    }

    [TestMethod]
    public void Three_seeds_that_lose_40_points_hurt_and_the_page_and_the_summary_say_so()
    {
        // Optimal mixing of pixel rows. A sign test over three seeds can never be below 25 %.
        var summary = ReplicatedSummary.Of([Seed(1, 0.862, 0.285), Seed(2, 0.862, 0.538), Seed(3, 0.862, 0.512)], ReplicatedSummary.Seeds);

        Assert.AreEqual(EffectVerdict.Hurts, summary.Difference!.Effect.Verdict);
        Assert.Contains("Verdict: hurts.", ReplicatedReport.Render(summary));
        var effect = JsonNode.Parse(summary.ToJson())!["difference"]!["effect"]!;
        Assert.AreEqual("hurts", effect["verdict"]!.GetValue<string>());
        Assert.AreEqual(3, effect["count"]!.GetValue<int>());
        Assert.IsLessThan(0.0, effect["interval"]!["high"]!.GetValue<double>());
    }

    [TestMethod]
    public void Seeds_that_do_not_agree_leave_the_question_open_and_the_verdict_says_what_they_could_have_found()
    {
        var summary = ReplicatedSummary.Of([Seed(1, 0.80, 0.81), Seed(2, 0.90, 0.89)], ReplicatedSummary.Seeds);

        // √2 points apart from their mean, over √2; t of one degree of freedom is 12.706 and 1.376.
        Assert.StartsWith("Verdict: open. 95 % interval -12.71 to +12.71 points, p 1, n 2.", summary.Difference!.Verdict);
        Assert.Contains("find a difference of 14.08 points", summary.Difference.Verdict);
        Assert.Contains("Verdict: open", ReplicatedReport.Render(summary));
    }

    [TestMethod]
    public void Equal_differences_have_no_spread_to_judge_by()
    {
        var summary = ReplicatedSummary.Of([Seed(1, 0.80, 0.81), Seed(2, 0.90, 0.91)], ReplicatedSummary.Seeds);

        Assert.AreEqual(
            "Verdict: open. The differences of 2 seeds are all equal, so there is no spread to judge by.",
            summary.Difference!.Verdict
        );
    }

    [TestMethod]
    public void Linear_noise_within_images_is_judged_with_the_noise_on_too_and_both_count_as_one_family()
    {
        // A shift within the image: noise off measures the shift of the data, on at both the network.
        ReplicateSummary[] replicates = [.. new[] { 1, 2, 3, 4, 5 }.Select(seed => WithNoiseOn(seed, 0.80 + seed * 0.001))];

        var summary = ReplicatedSummary.Of(replicates, ReplicatedSummary.Seeds);

        Assert.AreEqual(EffectVerdict.Hurts, summary.Difference!.Effect.Verdict);
        Assert.AreEqual(EffectVerdict.NoEffect, summary.DifferenceWithNoise!.Effect.Verdict);
        Assert.AreEqual(2, summary.Difference.Effect.FamilySize);
        Assert.Contains("corrected for 2 comparisons", summary.Difference.Verdict);
        Assert.Contains("with its noise on in the test, too, minus vanilla: 0.00", ReplicatedReport.Render(summary));

        static ReplicateSummary WithNoiseOn(int seed, double vanilla)
        {
            var replicate = Seed(seed, vanilla, vanilla - 0.01 - seed * 0.0001);
            var runs = replicate.Summary.Runs;
            return replicate with
            {
                Summary = replicate.Summary with
                {
                    Runs = [runs[0], runs[1] with { TestAccuracyWithNoise = vanilla + (seed - 3) * 0.0005 }],
                },
            };
        }
    }

    [TestMethod]
    public void Accuracies_that_depend_on_the_batch_are_not_compared()
    {
        var mixing = Seed(2, 0.9, 0.9);
        mixing = mixing with
        {
            Summary = mixing.Summary with { Runs = [mixing.Summary.Runs[0], mixing.Summary.Runs[1] with { BatchInvariant = false }] },
        };
        var summary = ReplicatedSummary.Of([Seed(1, 0.8, 0.8), mixing], ReplicatedSummary.Seeds);

        Assert.IsNull(summary.Difference);
        var page = ReplicatedReport.Render(summary);
        Assert.Contains("""<p class="number">transductive</p>""", page);
        Assert.Contains("90.00 % (transductive)</td>", page);
        Assert.DoesNotContain("80.00 % (transductive)", page);
        Assert.Contains("""<circle class="dot vanilla""", page);
        Assert.DoesNotContain("""<circle class="dot noisy""", page, "a dot cannot say that it depends on the batch");
    }

    [TestMethod]
    public void There_is_no_chart_where_every_accuracy_depends_on_the_batch()
    {
        var mixing = Seed(1, 0.8, 0.8);
        mixing = mixing with
        {
            Summary = mixing.Summary with { Runs = [.. mixing.Summary.Runs.Select(run => run with { BatchInvariant = false })] },
        };

        Assert.DoesNotContain("<figure", ReplicatedReport.Render(ReplicatedSummary.Of([mixing, mixing], ReplicatedSummary.Seeds)));
    }

    [TestMethod]
    public void The_page_leads_with_mean_and_deviation_and_links_to_every_run()
    {
        var page = ReplicatedReport.Render(ReplicatedSummary.Of([Seed(1, 0.80, 0.81), Seed(2, 0.90, 0.89)], ReplicatedSummary.Seeds));

        Assert.Contains("85.00 %", page[..page.IndexOf("</header>", StringComparison.Ordinal)]);
        Assert.Contains("± 7.07", page); // 0.1 / sqrt(2)
        Assert.Contains("""<a href="seed-2/report.html">""", page);
        Assert.Contains("a &lt;b&gt;bold&lt;/b&gt; name", page);
        Assert.DoesNotContain("<b>bold</b>", page);
    }
}
