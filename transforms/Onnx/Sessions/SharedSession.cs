namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>
/// A session that lives until its last user disposes of it. Blocks may still run on other threads when the model is disposed of. A run on
/// a freed session would end the process.
/// </summary>
sealed class SharedSession(IOnnxSession session) : IDisposable
{
    // Enough for a batch of small images, as servers score them. Larger buffers cost too much memory between two batches.
    const int LongestSpare = 16 << 20;

    int _users = 1;
    BatchRun? _spare;

    public IOnnxSession Session => session;

    /// <summary>Adds a user. Each user disposes of its own result.</summary>
    /// <exception cref="ObjectDisposedException">The last user has disposed of the session.</exception>
    public SharedSession Share()
    {
        int users;
        do
        {
            users = Volatile.Read(ref _users);
            OnnxModel.ThrowIfDisposed(users == 0);
        } while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);
        return this;
    }

    /// <summary>
    /// A run for batches of up to <paramref name="rowCount"/> rows: the last one that came back, if it fits. A view of a few rows then
    /// costs no new buffers, and no new memory between two processes.
    /// </summary>
    public BatchRun Rent(OnnxRows input, OnnxRows output, int rowCount)
    {
        if (Interlocked.Exchange(ref _spare, value: null) is not { } spare)
            return new(session, input, output, rowCount);
        if (spare.IsFor(input, output, rowCount))
            return spare;
        spare.Dispose();
        return new(session, input, output, rowCount);
    }

    /// <summary>Gives a run back, as long as the caller is a user.</summary>
    public void Return(BatchRun run)
    {
        if (run.Input.Length + (long)run.Output.Length > LongestSpare || Interlocked.CompareExchange(ref _spare, run, null) is not null)
            run.Dispose();
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        _spare?.Dispose();
        session.Dispose();
    }
}
