using static TorchSharp.torch;

namespace NoisyNN.Models.Training;

/// <summary>Another number of torch's threads, until disposed.</summary>
sealed class ThreadLimit : IDisposable
{
    readonly int _before = get_num_threads();

    public ThreadLimit(int threads) => set_num_threads(threads);

    public void Dispose() => set_num_threads(_before);
}
