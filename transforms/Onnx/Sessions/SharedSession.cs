namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>
/// A session that lives until its last user disposes of it. Blocks may still run on other threads when the model is disposed of. A run on
/// a freed session would end the process.
/// </summary>
sealed class SharedSession(IOnnxSession session) : IDisposable
{
    int _users = 1;

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

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            session.Dispose();
    }
}
