using System.Runtime.CompilerServices;

namespace NoisyNN.Tests;

/// <summary>Tests may use TorchSharp before any type of the product.</summary>
static class TorchSetUp
{
    [ModuleInitializer]
    internal static void Prepare() => NativeLibraries.Prepare();
}
