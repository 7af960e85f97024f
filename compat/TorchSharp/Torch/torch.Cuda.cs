using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>GPUs, where libtorch was built for them.</summary>
    public static partial class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count() => nt_cuda_device_count();

        /// <summary>Seeds the current GPU's generator; without a GPU, nothing.</summary>
        public static void manual_seed(long seed)
        {
            if (is_available()) Check(nt_cuda_seed((ulong)seed, -1));
        }

        /// <summary>Seeds every GPU's generator; without a GPU, nothing.</summary>
        public static void manual_seed_all(long seed)
        {
            for (var index = 0; index < device_count(); index++) Check(nt_cuda_seed((ulong)seed, index));
        }

        /// <summary>Waits until a GPU has done all that it was given.</summary>
        public static void synchronize(Device? device = null)
        {
            if (is_available()) Check(nt_cuda_synchronize(device?.index ?? -1));
        }
    }
}
