using NoisyNN.Transforms.Native;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Process;

/// <summary>
/// What a training asks of its process: a number of libtorch's threads, until disposed, and an allocator that keeps what is freed, from
/// then on.
/// </summary>
sealed class TrainingProcess : IDisposable
{
    readonly ThreadLimit _threads;

    /// <param name="threads">0 leaves the process's number.</param>
    public TrainingProcess(int threads)
    {
        SystemLibrary.KeepFreedMemory();
        _threads = new ThreadLimit(threads > 0 ? threads : get_num_threads());
    }

    public void Dispose() => _threads.Dispose();
}
