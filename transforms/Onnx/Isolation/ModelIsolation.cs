namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>
/// Limits for the process that runs a model. ONNX Runtime is native code: a small file that passes every check can still crash it, fill the
/// memory or compute without an end. In a process of its own that is one exception, <see cref="ModelProcessException"/>.
/// </summary>
/// <remarks>
/// The process is this program, started a second time. It ends with the transformer, and with this program however that ends. After its end
/// the next batch starts another one. Batches go through shared memory. It has the rights of the user: the limits protect against
/// crashes, memory and time, not against code that a flaw in ONNX Runtime might let in.
/// </remarks>
public sealed record ModelIsolation
{
    const long Gigabyte = 1L << 30;

    /// <summary>
    /// Bytes of private memory for the model, its weights and one batch of every run that is under way. Default: 4 GiB, or half of the
    /// memory that this process may use if that is less.
    /// </summary>
    /// <remarks>
    /// On Linux the system enforces it (RLIMIT_DATA), except with a GPU. Elsewhere this process looks at the working set ten times a
    /// second.
    /// </remarks>
    public long MemoryLimit { get; init; } = Math.Min(4 * Gigabyte, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    /// <summary>The longest time to start the process and load the model. Default: 1 minute.</summary>
    public TimeSpan LoadingTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest time for a batch. Default: 2 minutes.</summary>
    public TimeSpan BatchTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <exception cref="ArgumentOutOfRangeException">A limit is too small to work with.</exception>
    internal void ThrowIfInvalid()
    {
        const long least = Gigabyte / 4;
        if (MemoryLimit < least)
            throw new ArgumentOutOfRangeException(
                nameof(MemoryLimit),
                MemoryLimit,
                $"{nameof(MemoryLimit)} must be at least {least} bytes; the runtime itself needs about half of that."
            );
        foreach (var (name, time) in new[] { (nameof(LoadingTime), LoadingTime), (nameof(BatchTime), BatchTime) })
            if (time <= TimeSpan.Zero || time > TimeSpan.FromDays(1))
                throw new ArgumentOutOfRangeException(name, time, $"{name} must be more than 0 and at most a day.");
    }
}
