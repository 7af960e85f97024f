using NoisyNN.Tests;

#pragma warning disable CA1050 // The runtime asks for this name, without a namespace.
/// <summary>Where <see cref="ChildProcess"/> begins: the runtime calls it before the test runner (DOTNET_STARTUP_HOOKS).</summary>
static class StartupHook
{
    public static void Initialize() => ChildProcess.RunAsChild();
}
