using System.Text.RegularExpressions;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Listing;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments.Listing;

/// <summary>The page over all runs of a folder.</summary>
[TestClass]
public sealed class RunsIndexTests
{
    [TestMethod]
    public void The_newest_run_comes_first_with_its_figures_curve_and_link()
    {
        using var folder = new TemporaryFolder();
        WrittenRun.Complete(folder, "old", "training: {epochs: 2}", 0.6, day: 1);
        WrittenRun.Complete(folder, "new", "training: {epochs: 3}", 0.8, day: 2);
        WrittenRun.Begun(folder, "open", "training: {epochs: 3}");

        var page = Page(folder);

        var rows = Rows(page);
        Assert.HasCount(3, rows);
        StringAssert.Contains(rows[0], """<a href="new/report.html">new</a>""");
        StringAssert.Contains(rows[0], "2026-01-02 00:00");
        StringAssert.Contains(rows[0], "vanilla <b>80.00 %</b>");
        // Two epochs, of which the second is higher: the line rises from left to right.
        var points = Regex.Match(rows[0], "points=\"([^\"]+)\"").Groups[1].Value.Split(' ');
        Assert.AreSequenceEqual(["4.0,28.0", "116.0,4.0"], points);
        StringAssert.Contains(rows[1], "old/report.html");
        StringAssert.Contains(rows[2], "<b>open</b>");
        StringAssert.Contains(rows[2], "not finished");
    }

    [TestMethod]
    public void A_run_shows_what_sets_it_apart_from_the_most_similar_earlier_one()
    {
        using var folder = new TemporaryFolder();
        WrittenRun.Complete(folder, "a", "training: {epochs: 2, batchSize: 8}\nseed: 1", 0.6, day: 1);
        WrittenRun.Complete(folder, "b", "training: {epochs: 9, batchSize: 64}\nseed: 2", 0.6, day: 2);
        WrittenRun.Complete(folder, "c", "training: {epochs: 2, batchSize: 8}\nseed: 5", 0.6, day: 3);

        var row = Rows(Page(folder))[0];

        StringAssert.Contains(row, "than those of a:");
        StringAssert.Contains(row, "<code>seed</code> 5");
        Assert.DoesNotContain("training.epochs", row);
        Assert.DoesNotContain("<code>name</code>", row);
    }

    [TestMethod]
    public void A_damaged_run_is_named_and_the_others_are_listed()
    {
        using var folder = new TemporaryFolder();
        File.AppendAllText(Path.Combine(WrittenRun.Complete(folder, "good", "seed: 1", 0.6, day: 1), "metrics.jsonl"), "{\"run\": \"vani");
        File.WriteAllText(Path.Combine(WrittenRun.Complete(folder, "cut", "seed: 1", 0.6, day: 1), "summary.json"), "{\"name\":");
        File.WriteAllText(Path.Combine(WrittenRun.Complete(folder, "torn", "seed: 1", 0.6, day: 2), "experiment.yaml"), "name: [");

        var page = Page(folder);

        Assert.HasCount(2, Rows(page));
        StringAssert.Contains(page, "cut has a summary.json that cannot be read");
    }

    [TestMethod]
    public void A_page_of_somebody_else_is_not_replaced()
    {
        using var folder = new TemporaryFolder();
        WrittenRun.Complete(folder, "a", "seed: 1", 0.6, day: 1);
        File.WriteAllText(folder["runs/index.html"], "<title>my thesis</title>");

        var run = TestTerminal.Run("runs", "--output", folder["runs"], "--html");

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), "is not a page of this program");
        Assert.AreEqual("<title>my thesis</title>", File.ReadAllText(folder["runs/index.html"]));
    }

    [TestMethod]
    public void Names_and_values_are_encoded()
    {
        using var folder = new TemporaryFolder();
        WrittenRun.Complete(folder, "a", "seed: 1", 0.6, day: 1);
        WrittenRun.Complete(folder, "b", "claimed: <script>alert(1)</script>", 0.6, day: 2);

        var page = Page(folder);

        Assert.DoesNotContain("<script", page);
        Assert.Contains("&lt;script&gt;", page);
    }

    static string Page(TemporaryFolder folder)
    {
        var run = TestTerminal.Run("runs", "--output", folder["runs"], "--html");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(Path.Combine(folder["runs"], RunsIndex.FileName), run.Output.Trim());
        return File.ReadAllText(folder["runs/index.html"]);
    }

    static string[] Rows(string page) => [.. Regex.Matches(page, @"<tr><td>[\s\S]*?</tr>").Select(match => match.Value)];
}
