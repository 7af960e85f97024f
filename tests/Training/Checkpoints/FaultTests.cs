using System.Diagnostics;
using System.Globalization;
using NoisyNN.Tests.Cli;

namespace NoisyNN.Tests.Training.Checkpoints;

/// <summary>The program as a process of its own, which is killed and then goes on.</summary>
[TestClass]
public sealed class FaultTests : IDisposable
{
    readonly TinyExperiment _tiny = new();

    /// <summary>A few kills keep the tests short; NOISYNN_KILLS=50 is the thorough run.</summary>
    static int Kills =>
        int.TryParse(Environment.GetEnvironmentVariable("NOISYNN_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 3;

    public void Dispose() => _tiny.Dispose();

    [TestMethod]
    public void A_run_that_is_killed_at_random_moments_goes_on_and_ends_with_the_same_bits()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("SIGKILL is sent on Linux alone.");

        Assert.AreEqual(0, Finish(Start("whole")));
        var random = new Random(Environment.GetEnvironmentVariable("NOISYNN_KILLS") is null ? 1 : Environment.TickCount);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = Start("killed");
            // A checkpoint is written after every step, so that most moments lie within one.
            var before = NewestCheckpoint("killed");
            var watch = Stopwatch.StartNew();
            while (!process.HasExited && NewestCheckpoint("killed") == before && watch.Elapsed < TimeSpan.FromMinutes(2))
                Thread.Sleep(5);
            Assert.IsFalse(process.HasExited, "The program ended by itself.");
            Thread.Sleep(random.Next(100));
            process.Kill();
            process.WaitForExit();
        }
        Assert.AreEqual(0, Finish(Start("killed")));
        Assert.AreSequenceEqual(File.ReadAllBytes(Weights("whole")), File.ReadAllBytes(Weights("killed")));
    }

    /// <summary>Starts the run of a name or, where it has begun, continues it.</summary>
    Process Start(string name)
    {
        var resume = Directory.Exists(Path.Combine(_tiny.Runs, name)) ? " --resume" : "";
        var program = Path.Combine(AppContext.BaseDirectory, "NoisyNN.Pipelines.dll");
        return Process.Start(
            new ProcessStartInfo(
                "bash",
                [
                    "-c",
                    $"exec dotnet '{program}' train '{_tiny.Declaration}' --output '{_tiny.Runs}' --set name={name} "
                        + $"--set training.epochs={4 * (Kills + 1)} --set training.checkpointSteps=1 "
                        + $"--set evaluation.baseline=false --set training.movingAverageDecay=0.9{resume}",
                ]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
    }

    static int Finish(Process process)
    {
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        Assert.IsTrue(process.WaitForExit(TimeSpan.FromMinutes(4)));
        return process.ExitCode;
    }

    string Training(string name) => Directory.GetDirectories(Path.Combine(_tiny.Runs, name)).Single();

    string Weights(string name) => Path.Combine(Training(name), "network.safetensors");

    string? NewestCheckpoint(string name)
    {
        var run = Path.Combine(_tiny.Runs, name);
        return Directory.Exists(run)
            ? Directory.GetFiles(run, "checkpoint-*.json", SearchOption.AllDirectories).Max(StringComparer.Ordinal)
            : null;
    }
}
