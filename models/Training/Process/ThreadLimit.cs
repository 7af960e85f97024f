using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Process;

/// <summary>Another number of torch's threads, until disposed.</summary>
sealed class ThreadLimit : IDisposable
{
    readonly int _before = get_num_threads();

    /// <summary>More threads than any processor has use for; from some 10,000 on the system gives no more and the process ends.</summary>
    public const int Largest = 1024;

    /// <exception cref="ArgumentOutOfRangeException">Not 1 to <see cref="Largest"/>. libtorch would end the process.</exception>
    public ThreadLimit(int threads) => Set(threads);

    /// <summary>For good, on the calling thread and those that start later.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to <see cref="Largest"/>. libtorch would end the process.</exception>
    public static void Set(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, Largest);
        set_num_threads(threads);
    }

    public void Dispose() => set_num_threads(_before);
}
