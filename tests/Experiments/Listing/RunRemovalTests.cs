using NoisyNN.Pipelines.Cli;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps.Attempts;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments.Listing;

/// <summary>What <c>runs remove</c> removes, and what it leaves.</summary>
[TestClass]
public sealed class RunRemovalTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestInitialize]
    public void Write()
    {
        WrittenRun.Complete(_folder, "a", "seed: 1", 0.6, day: 1);
        WrittenRun.Complete(_folder, "b", "seed: 2", 0.7, day: 2);
        _folder.Write("thesis/chapter.txt", "years of work"u8.ToArray());
    }

    TestTerminal Run(params string[] arguments) => TestTerminal.Run(["runs", "remove", "--output", _folder["runs"], .. arguments]);

    [TestMethod]
    public void A_run_goes_with_all_it_holds_and_the_others_stay()
    {
        Assert.AreEqual(0, TestTerminal.Run("runs", "--output", _folder["runs"], "--html").ExitCode);

        var run = Run("a", "--yes");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreSequenceEqual(["b", "index.html"], Names());
        Assert.DoesNotContain("a/report.html", File.ReadAllText(_folder["runs/index.html"]));
    }

    [TestMethod]
    [DataRow("../thesis")]
    [DataRow("..")]
    [DataRow(".")]
    [DataRow("a/../../thesis")]
    [DataRow("/tmp")]
    [DataRow("latest")]
    public void A_path_is_no_name_of_a_run(string name)
    {
        var run = Run(name, "--yes");

        Assert.AreEqual(ExitCode.Failed, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), "is no name of a run");
        Assert.IsTrue(File.Exists(_folder["thesis/chapter.txt"]));
    }

    [TestMethod]
    public void A_folder_that_is_no_run_and_a_link_to_another_folder_are_refused()
    {
        Directory.CreateDirectory(_folder["runs/photos"]);
        File.CreateSymbolicLink(_folder["runs/link"], _folder["runs/b"]);

        StringAssert.Contains(Run("photos", "--yes").ErrorLines.Single(), "photos is not the folder of a run");
        StringAssert.Contains(Run("link", "--yes").ErrorLines.Single(), "link is a link to another folder");
        StringAssert.Contains(Run("absent", "--yes").ErrorLines.Single(), "holds no run 'absent'");
        Assert.AreSequenceEqual(["a", "b", "link", "photos"], Names());
    }

    [TestMethod]
    public void What_links_inside_a_run_lead_to_stays()
    {
        File.CreateSymbolicLink(_folder["runs/a/data"], _folder["thesis"]);
        File.CreateSymbolicLink(_folder["runs/a/chapter"], _folder["thesis/chapter.txt"]);

        Assert.AreEqual(0, Run("a", "--yes").ExitCode);

        Assert.AreEqual("years of work", File.ReadAllText(_folder["thesis/chapter.txt"]));
    }

    [TestMethod]
    public void A_run_in_progress_is_refused()
    {
        using (RunLock.Take(_folder["runs/a"]))
            AssertRefused(_folder["runs/a"]);

        // A trial of a sweep has a folder and a lock of its own.
        Directory.CreateDirectory(_folder["runs/a/seed-1"]);
        File.WriteAllText(_folder["runs/a/seed-1/experiment.yaml"], "name: a");
        using (RunLock.Take(_folder["runs/a/seed-1"]))
            AssertRefused(_folder["runs/a/seed-1"]);

        // On another machine there is a heartbeat alone.
        using (Attempt.TryBegin(_folder["runs/a/.attempts"], "0000", AttemptTiming.Default, _ => { }))
            AssertRefused(_folder["runs/a"]);

        Assert.AreEqual(0, Run("a", "--yes").ExitCode, "nobody works in it any more");
    }

    void AssertRefused(string place)
    {
        var run = Run("a", "--yes");
        Assert.AreEqual(ExitCode.TryAgain, run.ExitCode, run.Error);
        StringAssert.Contains(run.ErrorLines.Single(), $"a process is working in {place}");
        Assert.IsTrue(File.Exists(_folder["runs/a/summary.json"]));
    }

    [TestMethod]
    [DataRow("y", "b")]
    [DataRow("yes", "b")]
    [DataRow("", "a b")]
    [DataRow("n", "a b")]
    public void It_asks_first_and_takes_a_yes_alone(string answer, string left)
    {
        var question = new StringWriter();
        var terminal = new Terminal(TextWriter.Null, question, interactive: false, CancellationToken.None, new StringReader(answer));

        Assert.AreEqual(0, CommandLine.Run(["runs", "remove", "a", "--output", _folder["runs"]], terminal));

        StringAssert.Contains(question.ToString(), $"remove {_folder["runs/a"]} (0.0 MB)? [y/N]");
        Assert.AreEqual(left, string.Join(' ', Names()));
    }

    [TestMethod]
    public void Without_anybody_to_ask_it_needs_yes()
    {
        var run = Run("a");

        Assert.AreEqual(ExitCode.Misused, run.ExitCode);
        StringAssert.Contains(run.ErrorLines.Single(), "add --yes");
        Assert.AreSequenceEqual(["a", "b"], Names());
    }

    [TestMethod]
    public void Latest_points_to_the_newest_run_that_is_left_or_is_gone()
    {
        File.CreateSymbolicLink(_folder["runs/latest"], "b");

        Assert.AreEqual(0, Run("b", "--yes").ExitCode);
        Assert.AreEqual("a", new DirectoryInfo(_folder["runs/latest"]).LinkTarget);

        Assert.AreEqual(0, Run("a", "--yes").ExitCode);
        Assert.IsEmpty(Names());
    }

    string[] Names() =>
        [.. Directory.EnumerateFileSystemEntries(_folder["runs"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
