using System.Diagnostics;
using System.Globalization;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;
using NoisyNN.Pipelines.Experiments.Sweeps;
using NoisyNN.Pipelines.Experiments.Sweeps.Attempts;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Tests.Experiments.Sweeps;

/// <summary>
/// Many trials on several worker processes, some of which are killed at random moments. The trials only count to three; who may work on
/// them, what is complete and what is summed up is that of real ones. <c>NOISYNN_SIMULATED_TRIALS=1000 ./noisynn test --filter
/// FullyQualifiedName~SimulatedSweep</c> has a thousand trials on eight workers.
/// </summary>
[TestClass]
public sealed class SimulatedSweepTests
{
    const string Variable = "NOISYNN_TESTS_SWEEP",
        TrialsVariable = "NOISYNN_SIMULATED_TRIALS";
    const int Steps = 3;

    /// <summary>For what is printed.</summary>
    public TestContext TestContext { get; set; } = null!;

    static int Trials => int.Parse(Environment.GetEnvironmentVariable(TrialsVariable) ?? "100", CultureInfo.InvariantCulture);

    // Long enough for all kills, which a worker's start makes slow.
    static TimeSpan StepTime => TimeSpan.FromMilliseconds(Trials > 100 ? 100 : 20);

    [TestMethod]
    public void Every_trial_is_completed_once_though_workers_are_killed()
    {
        var (trials, workers, kills) = (Trials, Trials > 100 ? 8 : 4, Trials / 10);
        using var folder = new TemporaryFolder();
        var sweep = Prepare(folder["disturbed"], trials);
        var random = new Random(1);
        var running = Enumerable.Range(0, workers).Select(_ => Begin(sweep)).ToArray();

        var killed = 0;
        while (killed < kills && !running.Any(process => process.HasExited))
        {
            Thread.Sleep(random.Next(20, 120));
            var worker = random.Next(workers);
            // A worker that has not reached its first trial is no loss.
            if (!File.Exists(Path.Combine(sweep.Path, $"log-{running[worker].Id}")))
                continue;
            running[worker].Kill();
            running[worker].WaitForExit();
            running[worker].Dispose();
            running[worker] = Begin(sweep);
            killed++;
        }
        foreach (var process in running)
        {
            Assert.IsTrue(process.WaitForExit(TimeSpan.FromMinutes(2)));
            Assert.AreEqual(0, process.ExitCode, process.StandardError.ReadToEnd());
            process.Dispose();
        }

        Assert.IsGreaterThanOrEqualTo(kills / 2, killed, "the trials ended before their workers could be killed");
        var completions = Directory.EnumerateFiles(sweep.Path, "log-*").SelectMany(File.ReadLines).GroupBy(line => line).ToList();
        Assert.IsTrue(completions.All(lines => lines.Count() == 1), "no trial was completed twice");
        Assert.IsTrue(sweep.Trials.All(sweep.IsComplete), "no trial was lost");
        TestContext.WriteLine(
            $"{completions.Count} of {trials} trials completed once on {workers} workers, {killed} of which were killed, in "
                + $"{Directory.EnumerateFiles(sweep.AttemptsPath).Count()} attempts"
        );

        var undisturbed = Prepare(folder["undisturbed"], trials);
        WorkOn(undisturbed, Path.Combine(undisturbed.Path, "log-0"), TimeSpan.Zero);
        Assert.AreEqual(Summary(undisturbed), Summary(sweep));
    }

    static SweepFolder Prepare(string path, int trials)
    {
        Directory.CreateDirectory(path);
        var file = ExperimentFile.Parse(
            $$"""
            name: simulated
            data: {manifest: fashion-mnist}
            seed: [1, 2]
            sweep:
              random:
                training.learningRate: {from: 1e-4, to: 1e-2, scale: log}
              samples: {{trials / 2}}
            """,
            "simulated.yaml"
        );
        File.WriteAllText(Path.Combine(path, RunFolder.ExperimentFileName), file.Effective);
        return new SweepFolder(path);
    }

    static Process Begin(SweepFolder sweep) => ChildProcess.Start(WorkAsChild, new Dictionary<string, string?> { [Variable] = sweep.Path });

    static void WorkAsChild()
    {
        var folder = Environment.GetEnvironmentVariable(Variable)!;
        WorkOn(new SweepFolder(folder), Path.Combine(folder, $"log-{Environment.ProcessId}"), StepTime);
    }

    /// <summary>Goes over all trials until none is left, as the tasks of an array do that are started again.</summary>
    static void WorkOn(SweepFolder sweep, string log, TimeSpan stepTime)
    {
        File.WriteAllText(log, "");
        while (sweep.Trials.Where(trial => !sweep.IsComplete(trial)).ToList() is { Count: > 0 } open)
            foreach (var trial in open)
            {
                using var attempt = Attempt.TryBegin(sweep.AttemptsPath, SweepFolder.AttemptName(trial), AttemptTiming.Default, _ => { });
                if (attempt is null || sweep.IsComplete(trial))
                    continue;
                WorkOn(sweep, trial, log, stepTime);
                attempt.End(AttemptState.Complete);
            }
    }

    static void WorkOn(SweepFolder sweep, Trial trial, string log, TimeSpan stepTime)
    {
        var checkpoint = Path.Combine(Directory.CreateDirectory(sweep.PathOf(trial)).FullName, "checkpoint");
        for (
            var step = File.Exists(checkpoint) ? int.Parse(File.ReadAllText(checkpoint), CultureInfo.InvariantCulture) : 0;
            step < Steps;
            step++
        )
        {
            Thread.Sleep(stepTime);
            AtomicFile.WriteText(checkpoint, $"{step + 1}");
        }
        AtomicFile.WriteText(Path.Combine(sweep.PathOf(trial), RunFolder.SummaryFileName), Found(trial).ToJson());
        File.AppendAllText(log, $"{trial.Index}\n");
    }

    static Summary Found(Trial trial)
    {
        // Any figures that are a function of the trial alone.
        var accuracy = 0.5 + trial.Index * 37 % 100 / 1000.0;
        return new Summary
        {
            Name = "simulated",
            Finished = DateTimeOffset.UnixEpoch,
            TotalSeconds = 1,
            Engines = new EngineSummary("", "", "", "cpu", 1),
            Command = "",
            Seed = 1,
            Dataset = new DataSetSummary("", 1, 1, 1, ""),
            Runs = [new RunSummary("vanilla", "none", accuracy, accuracy / 2, 0, 1, 1, 1, 1, 1, 1)],
            Protocol = [],
            Leaks = [],
        };
    }

    /// <summary>The summary without the number of attempts, which tells of the kills.</summary>
    static string Summary(SweepFolder sweep) =>
        SweepSummary.Of(sweep, [.. new TrialTable(sweep).Rows.Select(row => row with { Attempts = 1 })]).ToJson();
}
