using TorchSharp;

namespace NoisyNN.Pipelines.Experiments.Running;

/// <summary>How many threads a training computes with.</summary>
static class ComputingThreads
{
    /// <summary>The declared number, or the process's own where that is 0.</summary>
    public static int Of(int declared) => declared > 0 ? declared : torch.get_num_threads();
}
