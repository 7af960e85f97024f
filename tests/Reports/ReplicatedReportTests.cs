using NoisyNN.Pipelines.Reports;

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
            .Of([Seed(1, 0.80, 0.81), Seed(2, 0.90, 0.91), Seed(3, 0.85, 0.86)], ReplicatedSummary.Seeds)
            .Difference!;

        Assert.AreEqual(0.01, difference.Test.Mean, 1e-12);
        Assert.AreEqual(0, difference.Test.StandardDeviation, 1e-12);
        Assert.Contains("better on all 3 seeds", difference.Verdict);
        Assert.Contains("in 25 % of", difference.Verdict); // 2 of the 8 patterns of three signs are all alike
    }

    [TestMethod]
    public void Folds_share_training_rows_so_that_no_chance_is_computed_from_them()
    {
        var summary = ReplicatedSummary.Of([Seed(1, 0.80, 0.81), Seed(2, 0.90, 0.91)], ReplicatedSummary.Folds);

        Assert.AreEqual("The noisy network is better on all 2 folds.", summary.Difference!.Verdict);
        Assert.Contains("accuracy on the fold that judged", ReplicatedReport.Render(summary));
    }

    [TestMethod]
    public void Seeds_that_do_not_agree_are_no_finding()
    {
        var summary = ReplicatedSummary.Of([Seed(1, 0.80, 0.81), Seed(2, 0.90, 0.89)], ReplicatedSummary.Seeds);

        Assert.Contains("do not agree", summary.Difference!.Verdict);
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
