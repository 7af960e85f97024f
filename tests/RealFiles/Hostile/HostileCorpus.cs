using System.Diagnostics;
using System.Globalization;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Onnx.Isolation;

namespace NoisyNN.Tests.RealFiles.Hostile;

/// <summary>
/// Reads hostile files one after the other. Each is read, or refused with its name and a reason, within a minute; anything else fails the
/// test with the name of the file. A crash ends the process of the tests, which fails the run.
/// </summary>
/// <param name="context">Receives the counts.</param>
/// <param name="kind">The kind of files, for the counts.</param>
/// <param name="fileName">The name that each file has while it is read.</param>
/// <param name="read">Reads the file and describes what it found, so that equal descriptions are equal readings.</param>
sealed class HostileCorpus(TestContext context, string kind, string fileName, Func<string, string> read)
{
    static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Random files of each kind and seed. A run of the whole suite takes a sample; NOISYNN_HOSTILE_FILES=1000 takes a thousand.
    /// </summary>
    public static int Count { get; } =
        int.Parse(Environment.GetEnvironmentVariable("NOISYNN_HOSTILE_FILES") ?? "25", CultureInfo.InvariantCulture);

    /// <summary>Whether a file that is cut may be read as less than the whole, as a table with fewer rows.</summary>
    public bool MayEndAnywhere { get; init; }

    /// <param name="whole">The undamaged file.</param>
    /// <param name="files">Files that were made from it.</param>
    public void Run(byte[] whole, IEnumerable<HostileFile> files)
    {
        using var folder = new TemporaryFolder();
        var expected = read(folder.Write(fileName, whole));
        var (same, other, refused, slowest) = (0, 0, 0, (Time: TimeSpan.Zero, Name: ""));
        var before = ResetPeak();
        foreach (var file in files)
        {
            var path = folder.Write(fileName, file.Content);
            var time = Stopwatch.StartNew();
            var reading = Task.Factory.StartNew(() => read(path), TaskCreationOptions.LongRunning);
            try
            {
                Assert.IsTrue(reading.Wait(s_longest), $"{kind}, {file.Name}: no end within {s_longest}");
                if (reading.Result == expected)
                    same++;
                else if (!file.IsCut || MayEndAnywhere)
                    other++;
                else
                    Assert.Fail($"{kind}, {file.Name}: read as something else");
            }
            catch (AggregateException failure) when (failure.InnerException is { } reason)
            {
                Assert.IsTrue(IsRefusal(reason), $"{kind}, {file.Name}: {reason}");
                Assert.Contains(fileName, reason.Message, $"{kind}, {file.Name}");
                refused++;
            }
            slowest = time.Elapsed > slowest.Time ? (time.Elapsed, file.Name) : slowest;
        }
        context.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{kind}: {same + other + refused} files; {refused} refused with name and reason, {same} read as the whole file, "
                    + $"{other} read as another; at most {PeakMiB() - before} MiB more memory, at most {slowest.Time.TotalSeconds:0.0} s "
                    + $"({slowest.Name})"
            )
        );
        Assert.IsGreaterThan(0, refused, "no file was refused");
    }

    static bool IsRefusal(Exception reason) =>
        reason
            is InvalidDataException
                or NotSupportedException
                or FormatException
                or ArgumentException
                or InvalidOperationException
                or DeclarationException
                or ModelProcessException
                or CommandRefusedException;

    /// <summary>Makes the present memory the peak, so that the next reading of it is that of this kind.</summary>
    /// <returns>It, in MiB.</returns>
    static long ResetPeak()
    {
        if (OperatingSystem.IsLinux())
            File.WriteAllText("/proc/self/clear_refs", "5");
        return PeakMiB();
    }

    static long PeakMiB()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 >> 20;
    }
}
