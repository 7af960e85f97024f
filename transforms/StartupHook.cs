using NoisyNN.Transforms.Onnx.Isolation;

#pragma warning disable CA1050 // The runtime asks for this name, without a namespace.
/// <summary>
/// Where the process of a model begins. The runtime calls it before the program's own Main, if DOTNET_STARTUP_HOOKS names this library. So
/// any program can be the process of a model, and needs no second program beside it.
/// </summary>
static class StartupHook
{
    /// <summary>Serves a model and ends the process, if <see cref="HostCommand"/> has started it. Does nothing otherwise.</summary>
    public static void Initialize() => ModelHost.RunIfAsked();
}
