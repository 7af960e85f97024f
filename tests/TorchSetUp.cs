using System.Runtime.CompilerServices;

namespace NoisyNN.Tests;

/// <summary>Tests may use TorchSharp before any type of the product, and the test runner sends nothing.</summary>
static class TorchSetUp
{
    [ModuleInitializer]
    internal static void Prepare()
    {
        NativeLibraries.Prepare();
        // Models that tests export are not the user's.
        var state = Path.Combine(Path.GetTempPath(), $"noisynn-tests-{Environment.ProcessId}");
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", state);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (Directory.Exists(state))
                Directory.Delete(state, recursive: true);
        };
        // The test runner would look up a host on the internet; docs/privacy.md.
        const string OptOut = "TESTINGPLATFORM_TELEMETRY_OPTOUT";
        Environment.SetEnvironmentVariable(OptOut, Environment.GetEnvironmentVariable(OptOut) ?? "1");
    }
}
