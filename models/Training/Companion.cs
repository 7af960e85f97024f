using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training;

/// <summary>
/// A second thread that computes while the first one does, each with half of torch's threads. Small networks spend much of their time in operators that
/// use one thread, so two halves of a batch side by side are faster than one after the other.
/// </summary>
sealed class Companion : IDisposable
{
    readonly BlockingCollection<Task> _work = [];
    readonly int _threadsEach;
    readonly Thread _thread;

    Companion(int threadsEach)
    {
        _threadsEach = threadsEach;
        _thread = new Thread(Work) { IsBackground = true, Name = nameof(Companion) };
        _thread.Start();
    }

    /// <summary>Null where there is nothing to share: on a GPU, or with one thread.</summary>
    public static Companion? Create(Device device) =>
        device.type == DeviceType.CPU && get_num_threads() is > 1 and var threads ? new Companion((threads + 1) / 2) : null;

    /// <summary>Computes one value on the calling thread and one on the other; returns when both are done, also when one has failed.</summary>
    public (T First, T Second) Both<T>(Func<T> first, Func<T> second)
    {
        using var threads = new ThreadLimit(_threadsEach);
        var task = new Task<T>(second);
        _work.Add(task);
        try
        {
            var value = first();
            return (value, task.GetAwaiter().GetResult());
        }
        finally
        {
            Task.WaitAny(task);
        }
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    void Work()
    {
        ThreadLimit.Set(_threadsEach);
        foreach (var task in _work.GetConsumingEnumerable())
            task.RunSynchronously(TaskScheduler.Default);
    }
}
