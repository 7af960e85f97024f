using System.Runtime.CompilerServices;
using NoisyNN.Transforms.Native;

namespace NoisyNN;

/// <summary>Prepares the process for libtorch and ONNX Runtime.</summary>
public static class NativeLibraries
{
    /// <summary>
    /// Lets TorchSharp load on older Linux systems, gives libtorch a thread per processor there, which waits for work without starving
    /// other programs (unless
    /// <c>OMP_NUM_THREADS</c>, <c>OMP_WAIT_POLICY</c> or <c>GOMP_SPINCOUNT</c> say otherwise), and turns ONNX Runtime's telemetry off
    /// unless
    /// <c>ORT_DISABLE_TELEMETRY</c> is set. Happens by itself as soon as any type of this library is used. Call it first in a program that
    /// uses TorchSharp before that.
    /// </summary>
    public static void Prepare() => RuntimeHelpers.RunModuleConstructor(typeof(NativeLibraries).Module.ModuleHandle);

#pragma warning disable CA2255 // The loader must hear of it before TorchSharp is used for the first time, and only a library knows of it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void OnLoad()
    {
        OlderLinux.Register();
        OpenMp.SetDefaults();
        SystemLibrary.SetDefault("ORT_DISABLE_TELEMETRY", "1");
    }
}
