using System.Diagnostics;
using System.Globalization;
using NoisyNN.Tests.Commands;

namespace NoisyNN.Tests.Training;

/// <summary>The program as a process of its own, which is killed or denied the disk, and then goes on.</summary>
[TestClass]
public sealed class FaultTests : IDisposable
{
    private readonly TinyExperiment _tiny = new();

    /// <summary>A few kills keep the tests short; NOISYNN_KILLS=50 is the thorough run.</summary>
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("NOISYNN_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 3;

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

    [TestMethod]
    public void A_disk_without_room_is_named_and_the_checkpoint_before_stays_whole()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("The limit on a file's size is set on Linux alone.");

        using (var process = Start("full"))
        {
            while (!process.HasExited && NewestCheckpoint("full") is null)
                Thread.Sleep(5);
            process.Kill();
            process.WaitForExit();
        }

        // A checkpoint's tensors take more than 16 KiB; a limit on the size of a file fails a write as a full disk does, half-way.
        using (var process = Start("full", "trap '' XFSZ; ulimit -f 16; "))
        {
            var error = process.StandardError.ReadToEndAsync();
            Assert.AreNotEqual(0, Finish(process));
            Assert.Contains("could not be written", error.Result);
            Assert.Contains("is whole", error.Result);
        }
        Assert.IsNotNull(NewestCheckpoint("full"));
        Assert.IsEmpty(Directory.GetFiles(Training("full"), "*.tmp"));

        Assert.AreEqual(0, Finish(Start("full")));
    }

    /// <summary>Starts the run of a name or, where it has begun, continues it.</summary>
    private Process Start(string name, string before = "")
    {
        var resume = Directory.Exists(Path.Combine(_tiny.Runs, name)) ? " --resume" : "";
        var program = Path.Combine(AppContext.BaseDirectory, "NoisyNN.Pipelines.dll");
        var start = new ProcessStartInfo("bash",
        [
            "-c",
            $"{before}exec dotnet '{program}' train '{_tiny.Declaration}' --output '{_tiny.Runs}' --set name={name} --set training.epochs={4 * (Kills + 1)} --set training.checkpointSteps=1 "
                + $"--set evaluation.baseline=false --set training.movingAverageDecay=0.9{resume}",
        ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // The runtime would reserve room for its code in a file, which the limit on file sizes forbids.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return Process.Start(start)!;
    }

    private static int Finish(Process process)
    {
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        Assert.IsTrue(process.WaitForExit(TimeSpan.FromMinutes(4)));
        return process.ExitCode;
    }

    private string Training(string name) => Directory.GetDirectories(Path.Combine(_tiny.Runs, name)).Single();

    private string Weights(string name) => Path.Combine(Training(name), "network.safetensors");

    private string? NewestCheckpoint(string name)
    {
        var run = Path.Combine(_tiny.Runs, name);
        return Directory.Exists(run) ? Directory.GetFiles(run, "checkpoint-*.json", SearchOption.AllDirectories).Max(StringComparer.Ordinal) : null;
    }
}
