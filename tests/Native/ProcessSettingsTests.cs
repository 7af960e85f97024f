using System.Diagnostics;
using System.Text.Json.Nodes;
using NoisyNN.Transforms.Native;

namespace NoisyNN.Tests.Native;

/// <summary>
/// What the library sets in its process, and that the user's own settings stay. Each case is a process of its own, since libraries read
/// them once.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public class ProcessSettingsTests
{
    [TestMethod]
    public void Libtorch_has_a_thread_per_processor_that_soon_sleeps()
    {
        var facts = Doctor();
        Assert.StartsWith($"{Environment.ProcessorCount},", facts["threads"]);
        Assert.AreEqual($"OMP_NUM_THREADS={Environment.ProcessorCount}, GOMP_SPINCOUNT=10000", facts["openmp"]);
    }

    [TestMethod]
    public void The_users_own_settings_stay()
    {
        var facts = Doctor("OMP_NUM_THREADS=1", "OMP_WAIT_POLICY=active", "NOISYNN_LINEAR=matrix");
        Assert.StartsWith("1,", facts["threads"]);
        Assert.AreEqual("OMP_NUM_THREADS=1, OMP_WAIT_POLICY=active", facts["openmp"]);
        Assert.AreEqual("matrix", facts["linearProducts"]);
        Assert.AreEqual("OMP_NUM_THREADS=1, GOMP_SPINCOUNT=7", Doctor("OMP_NUM_THREADS=1", "GOMP_SPINCOUNT=7")["openmp"]);
    }

    [TestMethod]
    public void Programs_that_are_started_do_not_get_them()
    {
        // This process has them.
        Assert.AreEqual("10000", SystemLibrary.Get("GOMP_SPINCOUNT"));
        using var process = Process.Start(new ProcessStartInfo("printenv", "GOMP_SPINCOUNT") { RedirectStandardOutput = true })!;
        Assert.AreEqual("", process.StandardOutput.ReadToEnd());
    }

    [TestMethod]
    [DataRow(null, null, true)]
    [DataRow("MALLOC_TRIM_THRESHOLD_", "1000", false)]
    [DataRow("MALLOC_TOP_PAD_", "1000", false)]
    [DataRow("GLIBC_TUNABLES", "glibc.malloc.arena_max=1", false)]
    [DataRow("GLIBC_TUNABLES", "glibc.pthread.rseq=0", true)]
    public void The_allocator_keeps_memory_unless_the_user_has_set_it(string? variable, string? value, bool expected) =>
        Assert.AreEqual(expected, SystemLibrary.MaySetAllocator(name => name == variable ? value : null));

    static Dictionary<string, string> Doctor(params string[] variables)
    {
        var start = new ProcessStartInfo(
            "env",
            [
                "-u",
                "OMP_NUM_THREADS",
                "-u",
                "OMP_WAIT_POLICY",
                "-u",
                "GOMP_SPINCOUNT",
                "-u",
                "NOISYNN_LINEAR",
                .. variables,
                "dotnet",
                Path.Combine(AppContext.BaseDirectory, "NoisyNN.Pipelines.dll"),
                "doctor",
                "--json",
            ]
        )
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var report = JsonNode.Parse(process.StandardOutput.ReadToEnd())!;
        return report["facts"]!.AsObject().ToDictionary(fact => fact.Key, fact => fact.Value!.GetValue<string>());
    }
}
