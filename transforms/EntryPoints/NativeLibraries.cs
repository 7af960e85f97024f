using System.Runtime.CompilerServices;
using NoisyNN.Transforms.Native;

namespace NoisyNN;

/// <summary>Prepares the process for libtorch and ONNX Runtime.</summary>
public static class NativeLibraries
{
    /// <summary>
    /// Lets TorchSharp load on older Linux systems. There it also gives libtorch one thread per processor, and lets threads that wait for
    /// work leave the processor to other programs. The variables <c>OMP_NUM_THREADS</c>, <c>OMP_WAIT_POLICY</c> and <c>GOMP_SPINCOUNT</c>
    /// override this. It turns ONNX Runtime's telemetry off unless <c>ORT_DISABLE_TELEMETRY</c> is set. All this happens as soon as a type
    /// of this library is used. Call it first in a program that uses TorchSharp before that.
    /// </summary>
    public static void Prepare() => RuntimeHelpers.RunModuleConstructor(typeof(NativeLibraries).Module.ModuleHandle);

#pragma warning disable CA2255 // The loader must be set before TorchSharp is first used, and only the library can do that.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void OnLoad()
    {
        OlderLinux.Register();
        OpenMp.SetDefaults();
        SystemLibrary.SetDefault("ORT_DISABLE_TELEMETRY", "1");
    }
}
