using NoisyNN.Transforms.Native;
using TorchSharp;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>
/// How many threads libtorch computes with. Left alone it counts cores, and takes the processors of many a virtual machine for halves of one; so all processors are
/// asked for.
/// </summary>
static class TorchThreads
{
    /// <summary>The number that an experiment asks for; 0 is one per processor.</summary>
    public static int CountOf(int threads) => threads > 0 ? threads : Environment.ProcessorCount;

    /// <summary>For commands that do nothing but compute, unless OMP_NUM_THREADS says otherwise.</summary>
    public static void TakeAllProcessors()
    {
        Libtorch.Require();
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OMP_NUM_THREADS")))
            torch.set_num_threads(CountOf(0));
    }
}
