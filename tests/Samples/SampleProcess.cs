using System.Diagnostics;

namespace NoisyNN.Tests.Samples;

/// <summary>A sample as a process of its own.</summary>
static class SampleProcess
{
    /// <summary>Where it was built: beside the tests, artifacts/bin/NAME/CONFIGURATION.</summary>
    public static string FolderOf(string sample)
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(tests.Parent!.Parent!.FullName, sample, tests.Name);
    }

    public static Process Start(string sample, params string[] arguments) => Start(sample, arguments, redirectErrors: false);

    public static Process Start(string sample, string[] arguments, bool redirectErrors) =>
        Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(FolderOf(sample), $"{sample}.dll"), .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = redirectErrors,
            }
        )!;
}
