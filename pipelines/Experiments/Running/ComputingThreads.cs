using TorchSharp;

namespace NoisyNN.Pipelines.Experiments.Running;

/// <summary>How many threads a training computes with.</summary>
static class ComputingThreads
{
    /// <summary>The declared number or, where that is 0, one for each of several ranks and the process's own number for one.</summary>
    public static int Of(int declared, int ranks = 1) =>
        declared > 0 ? declared
        : ranks > 1 ? 1
        : torch.get_num_threads();
}
