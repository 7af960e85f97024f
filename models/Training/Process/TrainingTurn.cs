using Microsoft.ML.Runtime;

namespace NoisyNN.Models.Training.Process;

/// <summary>
/// One training at a time in a process: torch's default generator and its number of threads are the process's, so that two at once would
/// change each other's results from
/// run to run. A second one waits for the first. Processes do not disturb each other.
/// </summary>
sealed class TrainingTurn : IDisposable
{
    static readonly SemaphoreSlim s_free = new(1, 1);

    /// <summary>The training that the present code is a part of, also on threads that it has started.</summary>
    static readonly AsyncLocal<TrainingTurn?> s_present = new();

    readonly TrainingTurn? _outer = s_present.Value;
    readonly int _thread = Environment.CurrentManagedThreadId;
    bool _isOver;

    TrainingTurn() => s_present.Value = this;

    /// <summary>
    /// Waits for its turn. A training inside another one, in a callback or a lazy view, has it already, and leaves the outer one's
    /// generator as it was.
    /// </summary>
    /// <param name="channel">Hears that there is something to wait for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="InvalidOperationException">It is inside another training, but on another thread: neither could end.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public static TrainingTurn Take(IChannel channel, CancellationToken cancellation)
    {
        if (s_present.Value is { _isOver: false } outer)
            return outer._thread == Environment.CurrentManagedThreadId
                ? new()
                : throw new InvalidOperationException(
                    "A training was started inside another one, on another thread. Two at once in a process are not "
                        + "reproducible, since they share "
                        + "torch's generator and threads. Start it on the thread of the outer training, or after that, "
                        + "or in a process of its own."
                );
        if (!s_free.Wait(0, cancellation))
        {
            channel.Info(
                MessageSensitivity.None,
                "Another training of this process is at work, and this one waits: two at once are not reproducible, "
                    + "since they share torch's generator and threads."
            );
            s_free.Wait(cancellation);
        }
        return new();
    }

    public void Dispose()
    {
        _isOver = true;
        s_present.Value = _outer;
        if (_outer is not { _isOver: false })
            s_free.Release();
    }
}
