using Microsoft.ML.OnnxRuntime;

namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>
/// A session that lives until its last user lets go: blocks may still run on other threads when the model is disposed of, and a run on a
/// freed session would end the process.
/// </summary>
sealed class SharedSession(InferenceSession session) : IDisposable
{
    int _users = 1;

    public InferenceSession Session => session;

    /// <summary>One more user, which disposes of the result like the first.</summary>
    /// <exception cref="ObjectDisposedException">The last user has gone.</exception>
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
