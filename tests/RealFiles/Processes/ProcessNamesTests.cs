using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Tests.RealFiles.Processes;

/// <summary>Runs of one name that start together.</summary>
[TestClass]
public sealed class ProcessNamesTests
{
    [TestMethod]
    public void Runs_that_start_at_the_same_moment_take_different_names_in_all_of_a_hundred_rounds()
    {
        const int Rounds = 100,
            Runs = 4;
        for (var round = 0; round < Rounds; round++)
        {
            using var root = new TemporaryFolder();
            using var start = new Barrier(Runs);
            var opened = new RunFolder[Runs];
            var threads = Enumerable
                .Range(0, Runs)
                .Select(run => new Thread(() =>
                {
                    start.SignalAndWait();
                    opened[run] = RunFolder.Open(root["runs"], "y", "name: y\n", resume: false);
                }))
                .ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());

            Assert.AreSequenceEqual(
                [root["runs/y"], root["runs/y-2"], root["runs/y-3"], root["runs/y-4"]],
                opened.Select(folder => folder.Path).Order(StringComparer.Ordinal),
                $"round {round}"
            );
            foreach (var folder in opened)
                folder.Dispose();
        }
    }

    [TestMethod]
    public void A_run_whose_name_is_looked_at_by_another_one_is_not_refused()
    {
        // One process resumes again and again, and is refused; meanwhile others begin.
        using var root = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var looking = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                try
                {
                    RunFolder.Open(root.Path, "y", "name: another\n", resume: true).Dispose();
                }
                catch (IOException) { }
        });
        for (var run = 0; run < 30; run++)
            RunFolder.Open(root.Path, "y", "name: y\n", resume: false).Dispose();
        stop.Cancel();
        looking.Wait();

        Assert.HasCount(30, Directory.GetDirectories(root.Path));
        Assert.IsEmpty(Directory.GetFiles(root.Path, "run.lock", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void Whatever_has_the_name_of_a_run_stays_and_the_run_takes_the_next()
    {
        using var root = new TemporaryFolder();
        root.Write("y", [1]);
        File.CreateSymbolicLink(root["y-2"], "absent");
        Directory.CreateSymbolicLink(root["y-3"], "/tmp");

        using var run = RunFolder.Open(root.Path, "y", "name: y\n", resume: false);

        Assert.AreEqual(root["y-4"], run.Path);
        Assert.AreSequenceEqual(new byte[] { 1 }, File.ReadAllBytes(root["y"]));
        Assert.AreEqual("absent", new FileInfo(root["y-2"]).LinkTarget);
    }
}
