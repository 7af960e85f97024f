using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Yaml.Assignments;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Experiments.Sweeps;

/// <summary>The process of a trial: which program it runs, and what comes of it when something goes wrong.</summary>
[TestClass]
public sealed class TrialProcessTests
{
    const string Name = "NoisyNN.Pipelines",
        Location = "/opt/noisynn/NoisyNN.Pipelines.dll";

    static readonly Trial s_trial = new(
        0,
        "seed-1",
        new SweepPoint("", "", null, []),
        new Replicate("seed-1", "seed 1", new Assignment("seed", "1", "test"))
    );

    [TestMethod]
    [DataRow("/opt/noisynn/NoisyNN.Pipelines", Location, "/opt/noisynn/NoisyNN.Pipelines")]
    [DataRow("/opt/noisynn/NoisyNN.Pipelines.exe", Location, "/opt/noisynn/NoisyNN.Pipelines.exe")]
    [DataRow("/usr/share/dotnet/dotnet", Location, "/usr/share/dotnet/dotnet " + Location)]
    [DataRow("/usr/share/dotnet/dotnet.exe", Location, "/usr/share/dotnet/dotnet.exe " + Location)]
    [DataRow("/opt/tests/NoisyNN.Tests", Location, "dotnet " + Location)]
    [DataRow("/opt/noisynn/renamed", "", "/opt/noisynn/renamed")]
    public void The_same_program_runs_whatever_started_it(string host, string location, string expected)
    {
        var start = TrialProcess.Program(host, Name, location);

        Assert.AreEqual(expected, string.Join(' ', [start.FileName, .. start.ArgumentList]));
    }

    [TestMethod]
    public async Task Lines_are_read_to_the_end_though_nobody_can_hear_them_any_more()
    {
        using var lines = new StringReader(string.Join('\n', Enumerable.Range(0, 1000)));
        var (heard, stops) = (0, 0);

        var failure = await Assert.ThrowsExactlyAsync<IOException>(() =>
            TrialProcess.Read(lines, _ => heard = heard < 2 ? heard + 1 : throw new IOException("no space left"), () => stops++)
        );

        Assert.AreEqual("no space left", failure.Message);
        Assert.AreEqual(-1, lines.Peek(), "a process would wait for ever for somebody to empty its pipe");
        Assert.AreEqual((2, 1), (heard, stops));
    }

    [TestMethod]
    public void An_observer_that_throws_stops_all_trials_and_its_exception_comes_out()
    {
        using var tiny = new TinyExperiment();
        var experiment = ExperimentFile.Load(tiny.Declaration, ["seed=[1, 2]", "training.epochs=1000"]);
        using var folder = RunFolder.Open(tiny.Runs, experiment, resume: false);

        var failure = Assert.ThrowsExactly<IOException>(() =>
            new SweepRun(experiment, folder, "./noisynn train tiny.yaml", processes: 1, new FullDisk()).Run(CancellationToken.None)
        );

        Assert.AreEqual("no space left", failure.Message);
        Assert.IsFalse(File.Exists(tiny["runs/tiny/seed-1/summary.json"]), "it was to be stopped");
        Assert.IsFalse(Path.Exists(tiny["runs/tiny/seed-2"]), "it was not to begin");
    }

    [TestMethod]
    [DataRow(1, "no such file.", "no such file.")]
    [DataRow(134, "", "the process ended with exit code 134.")]
    [DataRow(137, "", "most likely for want of memory. A new run with more --threads")]
    public void A_process_that_says_nothing_before_it_ends_has_a_cause_all_the_same(int exitCode, string said, string cause) =>
        StringAssert.Contains(new TrialEnd(s_trial, exitCode, said).Cause, cause);

    /// <summary>A log that cannot grow.</summary>
    sealed class FullDisk : ISweepObserver
    {
        public void Note(string line) { }

        public void Note(Trial trial, string line) => throw new IOException("no space left");

        public void Status(Trial trial, string? line) { }

        public void Ended(Trial trial, int complete, int trials, string line) { }
    }
}
