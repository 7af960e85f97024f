using System.Runtime.InteropServices;

namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>Memory at a fixed address, which ONNX Runtime reads or writes in place.</summary>
/// <param name="Address">Where it begins.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Owner">What must stay alive for as long as the memory is used.</param>
readonly record struct TensorMemory(nint Address, long Length, object Owner)
{
    /// <summary>The memory of an array that is pinned.</summary>
    public static TensorMemory Of(byte[] pinned) => new(Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0), pinned.Length, pinned);
}
