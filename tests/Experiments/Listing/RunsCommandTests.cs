using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Listing;
using NoisyNN.Tests.Cli;
using NoisyNN.Transforms.Statistics;

namespace NoisyNN.Tests.Experiments.Listing;

/// <summary>Lists and comparisons of runs of every kind.</summary>
[TestClass]
public sealed class RunsCommandTests
{
    static readonly TinyExperiment s_experiment = new();

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        Run("name=single");
        Run("name=seeds", "seed=[1, 2]");
        Run("name=sweep", "noise=", "sweep={grid: {training.learningRate: [1e-3, 3e-3]}}");
        Directory.CreateDirectory(s_experiment["runs/photos"]);

        static void Run(params string[] overrides)
        {
            var run = TestTerminal.Run([
                "train",
                s_experiment.Declaration,
                "--output",
                s_experiment.Runs,
                .. overrides.Concat(["training.epochs=1", "evaluation={baseline: true}"]).SelectMany(change => (string[])["--set", change]),
            ]);
            Assert.AreEqual(0, run.ExitCode, run.Error);
        }
    }

    [ClassCleanup]
    public static void Remove() => s_experiment.Dispose();

    static JsonNode Listed(params string[] options)
    {
        var run = TestTerminal.Run(["runs", "--output", s_experiment.Runs, "--json", .. options]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return JsonNode.Parse(run.Output)!;
    }

    static JsonNode Summary(string run) => JsonNode.Parse(File.ReadAllText(s_experiment[$"runs/{run}/summary.json"]))!;

    [TestMethod]
    public void Runs_of_every_kind_are_listed_once_and_other_folders_are_not()
    {
        var names = Listed().AsArray().Select(run => (string)run!["name"]!).ToArray();

        CollectionAssert.AreEqual(new[] { "single", "seeds", "sweep" }, names, "the newest last, without the link 'latest'");
    }

    [TestMethod]
    public void The_figures_are_those_of_the_summaries()
    {
        var runs = Listed().AsArray();

        var single = runs[0]!["figures"]!.AsArray();
        CollectionAssert.AreEqual(new[] { "vanilla", "noisy" }, single.Select(figure => (string)figure!["name"]!).ToArray());
        Assert.AreEqual((double)Summary("single")["runs"]![1]!["testAccuracy"]!, (double)single[1]!["mean"]!);
        Assert.IsNull(single[1]!["deviation"]);

        Assert.AreEqual(2, (int)runs[1]!["trials"]!);
        Assert.HasCount(2, runs[1]!["figures"]![0]!["each"]!.AsArray());

        Assert.HasCount(2, runs[2]!["figures"]!.AsArray(), "two settings");
        Assert.AreEqual(1, (int)runs[2]!["trials"]!);
    }

    [TestMethod]
    [DataRow("single", "single")]
    [DataRow("seeds", "replicated")]
    [DataRow("sweep", "sweep")]
    [DataRow("seeds/seed-1", "single")]
    public void A_summary_of_every_kind_fits_the_schema_and_has_its_results_at_the_same_place(string run, string kind)
    {
        var summary = Summary(run);

        Assert.AreEqual(kind, (string)summary["kind"]!);
        Assert.IsNull(SummarySchemaTests.MistakeOfKind(summary));
        Assert.IsNull(SummarySchemaTests.Mistake(summary));
        var results = summary["results"]!.AsArray();
        var listed = Listed().AsArray().FirstOrDefault(record => (string)record!["name"]! == run)?["figures"]!.AsArray();
        Assert.HasCount(2, results);
        for (var index = 0; index < listed?.Count; index++)
        {
            Assert.AreEqual((string)listed[index]!["name"]!, (string)results[index]!["name"]!);
            Assert.AreEqual((double)listed[index]!["mean"]!, (double)results[index]!["mean"]!, 1e-12);
        }
    }

    [TestMethod]
    public void Every_run_renews_the_page_over_all_of_them()
    {
        var page = File.ReadAllText(s_experiment["runs/index.html"]);

        foreach (var run in (string[])["single", "seeds", "sweep"])
            StringAssert.Contains(page, $"<a href=\"{run}/report.html\">{run}</a>");
        Assert.IsFalse(File.Exists(s_experiment["runs/seeds/index.html"]), "a trial leaves that to its run");
    }

    [TestMethod]
    public void Over_seeds_the_verdict_is_listed_as_a_word()
    {
        var verdict = (string)Listed("--filter", "SEEDS").AsArray().Single()!["verdict"]!;

        CollectionAssert.Contains(new[] { "helps", "no effect", "hurts", "open" }, verdict);
        Assert.Contains(verdict, TestTerminal.Run("runs", "--output", s_experiment.Runs).Output);
    }

    [TestMethod]
    public void A_comparison_shows_the_settings_that_differ_and_no_others()
    {
        var run = TestTerminal.Run("compare", s_experiment["runs/single"], s_experiment["runs/seeds"], "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var settings = JsonNode.Parse(run.Output)!["settings"]!.AsArray().Select(setting => (string)setting!["key"]!).ToArray();
        CollectionAssert.Contains(settings, "seed");
        CollectionAssert.DoesNotContain(settings, "network.patchSize");
        CollectionAssert.DoesNotContain(settings, "name");
    }

    [TestMethod]
    public void The_page_of_a_comparison_has_settings_figures_with_intervals_and_curves_over_each_other()
    {
        var page = s_experiment["compare.html"];
        string[] folders = [s_experiment["runs/single"], s_experiment["runs/seeds"], s_experiment["runs/sweep"]];

        var run = TestTerminal.Run(["compare", .. folders, "--output", page]);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var html = File.ReadAllText(page);
        Assert.Contains("<td>sweep.grid.training.learningRate</td>", html);
        Assert.DoesNotContain("NaN", html);
        // One training of 16 test rows, of which c are right, has Wilson's interval; two have Student's with one degree of freedom.
        var runs = folders.Select(RunRecord.Read).ToArray();
        var single = runs[0].Figures[1];
        Assert.AreEqual(16, runs[0].TestRows);
        Assert.AreEqual(Interval.OfShare((int)Math.Round(16 * single.Mean), 16), runs[0].IntervalOf(single));
        var seeds = runs[1].Figures[1];
        // The 97.5 % point of Student's t with one degree of freedom is 12.706.
        if (seeds.Deviation is > 0 and var deviation)
            Assert.AreEqual(seeds.Mean + 12.706 * deviation / Math.Sqrt(2), runs[1].IntervalOf(seeds)!.Value.High, 1e-3);
        else
            Assert.IsNull(runs[1].IntervalOf(seeds));
        // Two networks of the first two runs, and two settings of the sweep.
        Assert.AreEqual(6, html.Split("<polyline class=\"line ").Length - 1);
        Assert.Contains(">seeds noisy</text>", html);
        Assert.Contains(">sweep point-2</text>", html);
        CollectionAssert.AreEqual(new[] { 1 }, RunCurve.Read(runs[1])[0].Epochs.Select(point => point.Epoch).ToArray());
    }

    [TestMethod]
    public void Settings_are_compared_by_their_full_keys()
    {
        var differences = RunSettings.Differences([
            "name: a\ntraining: {epochs: 1, batchSize: 8}\nseed: 1",
            "name: b\ntraining: {epochs: 2, batchSize: 8}",
        ]);

        CollectionAssert.AreEqual(new[] { "training.epochs", "seed" }, differences.Select(difference => difference.Key).ToArray());
        CollectionAssert.AreEqual(new[] { "1", "2" }, differences[0].Values.ToArray());
        CollectionAssert.AreEqual(new[] { "1", "" }, differences[1].Values.ToArray());
    }

    [TestMethod]
    public void What_is_no_run_is_refused_by_name()
    {
        var refused = TestTerminal.Run("compare", s_experiment["runs/single"], s_experiment["runs/photos"]);
        Assert.AreEqual(ExitCode.Failed, refused.ExitCode);
        StringAssert.Contains(refused.ErrorLines.Single(), "photos is not the folder of a run");

        var absent = TestTerminal.Run("runs", "--output", s_experiment["nowhere"]);
        Assert.AreEqual(ExitCode.Failed, absent.ExitCode);
        StringAssert.Contains(absent.ErrorLines.Single(), "there is no folder");
    }

    [TestMethod]
    public void A_damaged_summary_is_named()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["runs/broken"]);
        File.WriteAllText(folder["runs/broken/experiment.yaml"], "name: broken");
        File.WriteAllText(folder["runs/broken/summary.json"], "{\"name\": \"broken\", ");

        var run = TestTerminal.Run("runs", "--output", folder["runs"]);

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), "broken/summary.json is no summary");
    }
}
