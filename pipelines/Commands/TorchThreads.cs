using TorchSharp;

namespace NoisyNN.Pipelines.Commands;

/// <summary>
/// libtorch counts cores, and takes the processors of many a virtual machine for halves of one. Commands that do nothing but compute take all of them, unless
/// OMP_NUM_THREADS says otherwise.
/// </summary>
static class TorchThreads
{
    public static void TakeAllProcessors()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OMP_NUM_THREADS")))
            torch.set_num_threads(Environment.ProcessorCount);
    }
}
